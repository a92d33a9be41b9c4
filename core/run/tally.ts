import { isFinalPhase } from '../phase.ts';
import { shapeFault } from '../record/shape.ts';
import type { Job } from '../run-types.ts';
import wilsonInterval from '../statistics/wilson.ts';
import type { ScoredTrajectory } from '../trajectory.ts';

/** What an episode cost; `null` where nothing was paid, or nobody knows. */
export type MoneyOf = (job: Job, trajectory: ScoredTrajectory) => { amount: number; currency: string } | null;

/** What a run has come to so far, for its line of progress. */
export interface Tally {
  /** Takes a line of the records, of this try of the run or of an earlier one; what is no whole episode is not counted. */
  readonly add: (record: unknown) => void;
  /** What the run has cost so far, e.g. `1.2M tokens · 0.0123 USD`; empty before. */
  readonly cost: () => string;
  /** Of the job's final evaluations alone, e.g. `5 of 24 solved [0.09, 0.40]`, by Wilson over tasks; empty before. */
  readonly solved: (job: string) => string;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function tallyOf(jobs: readonly Job[], moneyOf: MoneyOf = () => null): Tally {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const solved = new Map<string, Map<string, { verified: number; scored: number }>>();
  let tokens = 0;
  let money: { amount: number; currency: string } | null = null;
  return {
    add: (record) => {
      if (shapeFault('trajectory', record) !== null) return;
      const trajectory = record as ScoredTrajectory;
      const { key, success, turns } = trajectory;
      for (const { usage, tokens: counted } of turns)
        tokens += (usage?.promptTokens ?? counted.prompt) + (usage?.outputTokens ?? counted.output);
      const job = byName.get(key.job);
      const paid = job ? moneyOf(job, trajectory) : null;
      if (paid) money = { amount: (money?.amount ?? 0) + paid.amount, currency: paid.currency };
      if (success === null || !isFinalPhase(key.phase)) return;
      const tasks = solved.get(key.job) ?? new Map<string, { verified: number; scored: number }>();
      solved.set(key.job, tasks);
      const task = `${key.phase} ${key.task}`;
      const { verified, scored } = tasks.get(task) ?? { verified: 0, scored: 0 };
      tasks.set(task, { verified: verified + Number(success.verified), scored: scored + 1 });
    },
    cost: () =>
      [
        ...(tokens > 0 ? [`${compact.format(tokens)} tokens`] : []),
        ...(money ? [`${money.amount.toFixed(money.amount < 1 ? 4 : 2)} ${money.currency}`] : []),
      ].join(' · '),
    solved: (job) => {
      const tasks = solved.get(job);
      return tasks ? solvedText([...tasks.values()]) : '';
    },
  };
}

/** Counts over all episodes, and the interval for so many tasks; the tables' own intervals are slower to find. */
function solvedText(tasks: readonly { readonly verified: number; readonly scored: number }[]): string {
  const sum = (of: (task: (typeof tasks)[number]) => number) => tasks.reduce((total, task) => total + of(task), 0);
  const { low, high } = wilsonInterval(
    sum(({ verified, scored }) => verified / scored),
    tasks.length,
  );
  return `${sum(({ verified }) => verified)} of ${sum(({ scored }) => scored)} solved [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
