import type { StepMetrics } from './metrics.ts';

/** Why there is no point in going on with a training. */
export type DeathName = 'all-void' | 'no-calls' | 'all-equal' | 'not-a-number';

export interface Death {
  readonly name: DeathName;
  readonly sentence: string;
}

interface Sign {
  readonly name: DeathName;
  /** Steps in a row that show it. */
  readonly steps: number;
  readonly isShown: (step: StepMetrics) => boolean;
  readonly sentence: (steps: number) => string;
}

/** By rank: what explains the others comes first. */
const signs: readonly Sign[] = [
  {
    name: 'not-a-number',
    steps: 1,
    isShown: ({ loss, gradientNorm }) => loss === null || gradientNorm === null,
    sentence: () => 'loss or gradient is no number any more: lower the learning rate and begin again',
  },
  {
    name: 'all-void',
    steps: 2,
    isShown: ({ reward }) => reward === null,
    sentence: (steps) =>
      `every episode of the last ${steps} steps was void, or could not be scored: see the sessions of the environment server for what broke`,
  },
  {
    name: 'no-calls',
    steps: 3,
    isShown: ({ callRate }) => callRate === 0,
    sentence: (steps) =>
      `no tool was called in the last ${steps} steps: the policy has collapsed, or never learnt to call. ` +
      'Train it with sft first, or go back to a checkpoint and lower the learning rate',
  },
  {
    name: 'all-equal',
    steps: 8,
    isShown: ({ zeroVarianceShare }) => zeroVarianceShare === 1,
    sentence: (steps) =>
      `all episodes of a task earned the same in each of the last ${steps} steps, so that nothing is learnt: ` +
      'take a finer reward, more generations, or tasks that the model solves now and then',
  },
];

/** A training that only a reader of its metrics would know to be dead: trainers go on and exit well. */
export function deathOf(steps: readonly StepMetrics[]): Death | undefined {
  for (const { name, steps: count, isShown, sentence } of signs) {
    const last = steps.slice(-count);
    if (last.length === count && last.every(isShown)) return { name, sentence: `${name}: ${sentence(count)}.` };
  }
  return undefined;
}
