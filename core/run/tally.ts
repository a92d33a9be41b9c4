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
  const solved = new Map<string, Solved>();
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
      const ofJob = solved.get(key.job) ?? { tasks: new Map(), verified: 0, scored: 0, shares: 0 };
      solved.set(key.job, ofJob);
      const task = `${key.phase} ${key.task}`;
      const before = ofJob.tasks.get(task) ?? { verified: 0, scored: 0 };
      const now = { verified: before.verified + Number(success.verified), scored: before.scored + 1 };
      ofJob.tasks.set(task, now);
      ofJob.verified += Number(success.verified);
      ofJob.scored += 1;
      ofJob.shares += shareOf(now) - shareOf(before);
    },
    cost: () =>
      [
        ...(tokens > 0 ? [`${compact.format(tokens)} tokens`] : []),
        ...(money ? [`${money.amount.toFixed(money.amount < 1 ? 4 : 2)} ${money.currency}`] : []),
      ].join(' · '),
    solved: (job) => {
      const ofJob = solved.get(job);
      return ofJob ? solvedText(ofJob) : '';
    },
  };
}

interface Counts {
  readonly verified: number;
  readonly scored: number;
}

/** What a job has come to. Its sums are kept, since the line of progress is asked for after each of what may be many thousand episodes. */
interface Solved {
  readonly tasks: Map<string, Counts>;
  verified: number;
  scored: number;
  /** Sum of the tasks' shares. */
  shares: number;
}

const shareOf = ({ verified, scored }: Counts): number => (scored === 0 ? 0 : verified / scored);

/** Counts over all episodes, and the interval for so many tasks; the tables' own intervals are slower to find. */
function solvedText({ tasks, verified, scored, shares }: Solved): string {
  // Sums of shares that went up and down may end a hair outside.
  const { low, high } = wilsonInterval(Math.min(Math.max(shares, 0), tasks.size), tasks.size);
  return `${verified} of ${scored} solved [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
