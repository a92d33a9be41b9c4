import type { Column } from '../tables/table.ts';
import { armOf, type ReferenceEpisode, type ReferenceJob } from './reference.ts';

/** What is compared of an arm's trainings. */
export interface Measure {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Larger is better; `null` leaves the episode out. */
  readonly read: (episode: ReferenceEpisode) => number | null;
  /** Loss of the mean that is tolerated, from the mean before. The first measure has none: it decides by its interval. */
  readonly tolerated: (before: number) => number;
}

const asNumber = (value: boolean | null): number | null => (value === null ? null : Number(value));
const share = (name: string, tolerated: number, read: Measure['read']): Measure => ({
  name,
  kind: 'share',
  read,
  tolerated: () => tolerated,
});

/** The first decides; the others can only be lost. */
export const measures: readonly [Measure, ...Measure[]] = [
  share('verifier success', 0, ({ verified }) => asNumber(verified)),
  share('proper finish', 0.05, ({ properFinish }) => asNumber(properFinish)),
  share('rubric reward', 0.05, ({ rubric }) => rubric),
  {
    name: 'peak context (negated)',
    kind: 'amount',
    read: ({ verified, peakTokens }) => (verified === null ? null : -peakTokens),
    tolerated: (before) => Math.abs(before) * 0.1,
  },
];

/** Means of a training over the tasks of a split, in the order of `measures`; `null`: no episode counts. */
export type Means = readonly (number | null)[];

/** One training's evaluation on one split. */
export interface Training {
  readonly job: string;
  readonly averages: Means;
  /** Equal texts: every number of every episode is equal. */
  readonly numbers: string;
}

/** Arm and split, such as `grpo-rubric-tool, test` → its trainings, which differ in nothing but their seed. */
export function trainingsOf(jobs: readonly ReferenceJob[]): Map<string, Training[]> {
  const arms = new Map<string, Training[]>();
  for (const job of jobs)
    for (const [phase, episodes] of Map.groupBy(job.episodes, (episode) => episode.phase)) {
      const arm = `${armOf(job)}, ${phase}`;
      const training = { job: job.name, averages: meansOf(episodes), numbers: JSON.stringify(episodes) };
      arms.set(arm, [...(arms.get(arm) ?? []), training]);
    }
  return arms;
}

const meansOf = (episodes: readonly ReferenceEpisode[]): Means =>
  measures.map(({ read }) => {
    const valid = episodes.map(read).filter((one) => one !== null);
    return valid.length === 0 ? null : valid.reduce((sum, one) => sum + one, 0) / valid.length;
  });
