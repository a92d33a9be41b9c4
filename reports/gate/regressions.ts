import type { Observation } from '../../core/statistics/bootstrap.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import type { Finding, GateOptions } from './types.ts';
import type { ReferenceEpisode } from './reference.ts';
import { formatCell, formatNumber, type Column } from '../tables/table.ts';

/** An episode of the reference beside the run's; both of one job of the arm. */
export interface Pair {
  readonly job: string;
  readonly seed: number;
  readonly before: ReferenceEpisode;
  readonly after: ReferenceEpisode;
}

interface Measure {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Larger is better; `null` leaves the pair out. */
  readonly read: (episode: ReferenceEpisode) => number | null;
  readonly margin: (before: number) => number;
  /** Only the primary measure can make the data too few. */
  readonly isPrimary: boolean;
}

/** Condition 2: what an arm (the jobs that differ in nothing but their seed, on one split) lost beyond its margins. */
export default function* losses(arm: string, pairs: readonly Pair[], limits: GateOptions): Generator<Finding> {
  for (const measure of measuresOf(limits)) {
    const valid = pairs.filter(({ before, after }) => measure.read(before) !== null && measure.read(after) !== null);
    const side = (which: 'before' | 'after'): Observation[] =>
      valid.map((pair) => ({ task: pair.before.task, seed: pair.seed, value: measure.read(pair[which]) as number }));
    const [meanBefore, meanAfter] = [meanOf(side('before')), meanOf(side('after'))];
    const margin = measure.margin(meanBefore);
    const { difference } = pairedDifference(side('before'), side('after'));
    const verdict = judge(difference, valid.length, margin, limits);
    if (verdict === 'pass' || (verdict === 'not-enough-data' && !measure.isPrimary)) continue;
    const differenceText = formatCell(difference, measure.kind);
    const marginText = `-${formatNumber(margin, measure.kind)}`;
    const worse = valid.filter(
      ({ before, after }) => (measure.read(after) as number) < (measure.read(before) as number),
    );
    yield {
      verdict,
      reason:
        verdict === 'regressed'
          ? `${arm}: the difference in ${measure.name} is ${differenceText}, wholly below ${marginText}.`
          : `${arm}: ${valid.length} pairs put the difference in ${measure.name} at ${differenceText}, which does not tell whether ` +
            `it is worse than ${marginText}. Run more tasks or seeds (at least ${limits.fewestPairs} pairs are needed).`,
      rows: [
        {
          job: arm,
          what: measure.name,
          reference: formatNumber(meanBefore, measure.kind),
          run: `${formatNumber(meanAfter, measure.kind)}, difference ${differenceText}`,
        },
        ...worse.map(({ job, before, after }) => ({
          job,
          what: measure.name,
          task: before.task,
          reference: formatCell(measure.read(before), measure.kind),
          run: formatCell(measure.read(after), measure.kind),
        })),
      ],
    };
  }
}

function measuresOf({ margin, tokenMargin }: GateOptions): Measure[] {
  const share = (name: string, read: Measure['read'], isPrimary = false): Measure => ({
    name,
    kind: 'share',
    read,
    margin: () => margin,
    isPrimary,
  });
  return [
    share('verifier success', ({ verified }) => asNumber(verified), true),
    share('proper finish', ({ properFinish }) => asNumber(properFinish)),
    share('rubric reward', ({ rubric }) => rubric),
    {
      name: 'peak context (negated)',
      kind: 'amount',
      read: ({ verified, peakTokens }) => (verified === null ? null : -peakTokens),
      margin: (before) => Math.abs(before) * tokenMargin,
      isPrimary: false,
    },
  ];
}

function judge(difference: Estimate | null, pairs: number, margin: number, { fewestPairs }: GateOptions) {
  const { low, high } = difference ?? { low: null, high: null };
  if (low === null || high === null || pairs < fewestPairs) return 'not-enough-data';
  if (high < -margin) return 'regressed';
  return low >= -margin ? 'pass' : 'not-enough-data';
}

const asNumber = (value: boolean | null): number | null => (value === null ? null : Number(value));

const meanOf = (observations: readonly Observation[]): number =>
  observations.reduce((sum, { value }) => sum + value, 0) / Math.max(1, observations.length);
