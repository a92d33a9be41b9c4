import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { median } from 'simple-statistics';
import { episodesOf } from '../../core/run/episodes-of.ts';
import { widthOf } from '../../core/run/run-jobs.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { readFigures } from '../../reports/tables/suite-figures.ts';
import { recordsFolder } from './records.ts';
import { suiteFiguresFile } from './places.ts';

/** Seconds of wall clock for 1,000 episodes of one thread, as they were measured. */
export interface MeasuredRates {
  /** What was measured. */
  readonly source: string;
  /** By row of the tables, or of whatever was measured. */
  readonly ofRow: ReadonlyMap<string, number>;
}

/**
 * Rates of an experiment's trainings on a suite, or else of any other's there, or of the oracle's episodes; `null` where the suite
 * was never measured.
 */
export function measuredRates(suite: string, record: string): MeasuredRates | null {
  const others = globSync('*/manifest.json', { cwd: recordsFolder })
    .map((path) => join(recordsFolder, dirname(path)))
    .sort();
  for (const folder of [record, ...others]) {
    const [manifest, table] = ['manifest.json', 'timings-training.json'].map((name) => jsonIn(join(folder, name)));
    if ((manifest as Manifest | null)?.suite !== suite) continue;
    const { rows = [] } = (table ?? {}) as { readonly rows?: readonly Readonly<Record<string, unknown>>[] };
    const ofRow = rows.flatMap(({ arm, seconds_per_1000_episodes: seconds }) =>
      typeof arm === 'string' && typeof seconds === 'number' ? [[arm, seconds] as const] : [],
    );
    if (ofRow.length > 0) return { source: `the trainings of ${basename(folder)}`, ofRow: new Map(ofRow) };
  }
  const seconds = readFigures(suiteFiguresFile)[suite]?.secondsPerEpisode ?? null;
  return seconds === null
    ? null
    : { source: 'the oracle, which learns nothing,', ofRow: new Map([['oracle', 1000 * seconds]]) };
}

function jsonIn(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Whoever reads the record for its figures says what is wrong with it.
    return null;
  }
}

/**
 * Hours that jobs take on so many threads by these rates: every episode counts as one of training does, by the rate of its row, or by
 * the median of all rows where none was measured.
 */
export function hoursOf(jobs: readonly Job[], { ofRow }: Pick<MeasuredRates, 'ofRow'>, threads: number): number {
  const usual = median([...ofRow.values()]);
  const seconds = jobs.map((job) => {
    const measured = Object.values(job.rows).flatMap((label) => ofRow.get(label) ?? []);
    return (episodesOf(job) / 1000) * (measured[0] ?? usual);
  });
  // The longest job is the least that it takes.
  return Math.max(...seconds, seconds.reduce((sum, one) => sum + one, 0) / threads) / 3600;
}

const minutesText = (minutes: number): string => (minutes === 1 ? '1 minute' : `${minutes} minutes`);

/** e.g. `1.6 hours`, `12 minutes`. */
export const lengthText = (hours: number): string =>
  hours < 1 ? minutesText(Math.max(1, Math.round(60 * hours))) : `${hours.toFixed(1)} hours`;

/** What is said of an experiment's time before it begins. */
export function hoursText(jobs: readonly Job[], rates: MeasuredRates | null, concurrency: number | undefined): string {
  const episodes = jobs.reduce((sum, job) => sum + episodesOf(job), 0).toLocaleString('en');
  const { threads } = widthOf(jobs.length, concurrency, availableParallelism());
  const work = `${jobs.length} jobs with ${episodes} episodes in all, ${threads} at a time`;
  if (rates === null)
    return `${work}. Nobody has measured how long this suite takes; the line of progress tells the time left.`;
  const [least, most] = [Math.min(...rates.ofRow.values()), Math.max(...rates.ofRow.values())].map((one) =>
    one.toFixed(1),
  );
  const range = least === most ? least : `${least} to ${most}`;
  return (
    `${work}: about ${lengthText(hoursOf(jobs, rates, threads))} at the ${range} seconds per 1,000 episodes that ${rates.source} took ` +
    'on the machine of record. What is stopped goes on with the same command.'
  );
}
