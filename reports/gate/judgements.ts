import type { Observation } from '../../core/statistics/bootstrap.ts';
import { formatNumber } from '../tables/table.ts';
import { type Difference, differenceByTask, excludedLoss, look, type LookVerdict, verdictOf } from './looks.ts';
import { type Measure, measures, type Training } from './measures.ts';
import type { ReferenceEpisode, ReferenceJob } from './reference.ts';
import type { Finding } from './types.ts';

/** Condition 2 on one split. */
export interface Judgement {
  readonly verdict: LookVerdict;
  /** One sentence, whatever the verdict. */
  readonly reason: string;
  readonly rows: Finding['rows'];
}

const meansOf = (trainings: readonly Training[]) => trainings.map(({ averages }) => averages);

/** Of an arm's trainings. */
export function judgeArm(arm: string, before: readonly Training[], now: readonly Training[]): Judgement {
  const known = new Map(before.map(({ job, numbers }) => [job, numbers]));
  if (now.every(({ job, numbers }) => known.get(job) === numbers))
    return { verdict: 'pass', reason: `${arm}: ${now.length} trainings have the reference's numbers.`, rows: [] };
  const { verdict, differences, lost } = look(meansOf(before), meansOf(now));
  const sizes = `${now.length} trainings beside the reference's ${before.length}`;
  const named = (lost.length > 0 ? lost : [0]).map((place) => ({
    measure: measures[place] as Measure,
    difference: differences[place] ?? null,
  }));
  return judgement(arm, sizes, verdict, named);
}

/** Of a job that a model behind an endpoint plays. */
export function* judgeModel(before: ReferenceJob, now: ReferenceJob): Generator<Judgement> {
  for (const [phase, episodes] of Map.groupBy(before.episodes, (episode) => episode.phase)) {
    const then = successesOf(episodes);
    const today = successesOf(now.episodes.filter((episode) => episode.phase === phase));
    const difference = differenceByTask(then, today);
    const tasks = new Set(today.map(({ task }) => task)).size;
    const named = [{ measure: measures[0], difference }];
    yield judgement(`${before.name}, ${phase}`, `${tasks} tasks`, verdictOf(difference), named);
  }
}

/** Void episodes are left out. */
const successesOf = (episodes: readonly ReferenceEpisode[]): Observation[] =>
  episodes.flatMap(({ task, verified }) => (verified === null ? [] : [{ task, seed: 0, value: Number(verified) }]));

function judgement(
  place: string,
  sizes: string,
  verdict: LookVerdict,
  named: readonly { readonly measure: Measure; readonly difference: Difference | null }[],
): Judgement {
  const told = named.map(({ measure, difference }) => `${measure.name} ${differenceText(measure, difference)}`);
  return {
    verdict,
    reason: `${place}, ${sizes}: ${told.join('; ')}. ${endings[verdict]}`,
    rows: named.map(({ measure, difference }) => ({
      job: place,
      what: measure.name,
      reference: difference === null ? '–' : formatNumber(difference.before, measure.kind),
      run:
        difference === null
          ? '–'
          : `${formatNumber(difference.now, measure.kind)}, ${differenceText(measure, difference)}`,
    })),
  };
}

const endings: Record<LookVerdict, string> = {
  pass: `This is no loss, and a loss as large as ${excludedLoss} is excluded.`,
  regressed: 'Chance does not explain that loss.',
  'not-enough-data': `That neither shows a loss nor excludes one of ${excludedLoss}: more seeds or tasks would decide it.`,
};

function differenceText({ kind }: Measure, difference: Difference | null): string {
  if (difference === null) return 'cannot be compared, since too few have episodes that count';
  const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value, kind)}`;
  const { value, low, high } = difference;
  return `differs by ${signed(value)} [${signed(low)}, ${signed(high)}]`;
}
