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
  /** e.g. `0.13 (0.05 to 0.25) · 1.2M tokens · 0.0123 USD · `, success being the job's and the rest the run's; empty before. */
  readonly of: (job: string) => string;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function tallyOf(jobs: readonly Job[], moneyOf: MoneyOf = () => null): Tally {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const solved = new Map<string, Map<string, number[]>>();
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
      const tasks = solved.get(key.job) ?? new Map<string, number[]>();
      solved.set(key.job, tasks);
      const task = `${key.phase} ${key.task}`;
      tasks.set(task, [...(tasks.get(task) ?? []), Number(success.verified)]);
    },
    of: (job) => {
      const parts = [
        ...successText(solved.get(job)),
        ...(tokens > 0 ? [`${compact.format(tokens)} tokens`] : []),
        ...(money ? [`${money.amount.toFixed(money.amount < 1 ? 4 : 2)} ${money.currency}`] : []),
      ];
      return parts.map((part) => `${part} · `).join('');
    },
  };
}

/** Mean over the tasks played, with Wilson's interval for so many; the tables' own are bootstraps, too slow for every episode. */
function successText(tasks: ReadonlyMap<string, readonly number[]> | undefined): string[] {
  if (!tasks) return [];
  const sum = [...tasks.values()].reduce((total, all) => total + all.reduce((a, b) => a + b, 0) / all.length, 0);
  const { low, high } = wilsonInterval(sum, tasks.size);
  return [`${(sum / tasks.size).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) solved`];
}
