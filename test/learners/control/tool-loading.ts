import type { Model } from './model.ts';

/** Tools that a task may need, and tasks as the tools they need, in order. */
const tools = 4;
const tasks = [
  [0, 2],
  [3, 1],
  [2, 3],
] as const;

const loadCost = 0.05;
const turnCost = 0.02;

/** What the agent sees: the task, the tools loaded (as bits) and the calls done. */
interface Situation {
  readonly task: number;
  readonly loaded: number;
  readonly done: number;
}

const perTask = 2 ** tools * 3;
const indexOf = ({ task, loaded, done }: Situation): number => 1 + task * perTask + loaded * 3 + done;
const situationOf = (state: number): Situation => {
  const rest = (state - 1) % perTask;
  return { task: Math.floor((state - 1) / perTask), loaded: Math.floor(rest / 3), done: rest % 3 };
};

/** Actions: load a tool (0–3), call a tool (4–7), finish (8). */
const finish = 2 * tools;

const certain = (next: Situation, reward: number, terminated = false) => [
  { probability: 1, next: indexOf(next), reward: reward - turnCost, terminated },
];

/**
 * Tool use in small: state 0 draws one of three tasks; each needs two tools called in order, a tool must be loaded before
 * it is called, loading costs context, every turn costs a little, and finishing pays 1 where the task is done, .3 for half
 * of it. Small enough for dynamic programming, so that every learner's distance from the optimum is exact.
 */
export function toolLoading(): Model {
  return {
    states: 1 + tasks.length * perTask,
    actions: finish + 1,
    start: 0,
    transitions: (state, action) => {
      if (state === 0) {
        return tasks.map((_, task) => {
          const next = indexOf({ task, loaded: 0, done: 0 });
          return { probability: 1 / tasks.length, next, reward: 0, terminated: false };
        });
      }
      const situation = situationOf(state);
      const { task, loaded, done } = situation;
      if (action === finish) return certain(situation, [0, 0.3, 1][done] ?? 0, true);
      if (action < tools) return certain({ ...situation, loaded: loaded | (1 << action) }, -loadCost);
      const tool = action - tools;
      const isRight = tool === tasks[task]?.[done] && (loaded & (1 << tool)) !== 0;
      return certain(isRight ? { ...situation, done: done + 1 } : situation, 0);
    },
  };
}

/** What a bandit knows of a state: the task alone. */
export function taskOnly(state: number): Float32Array {
  const features = new Float32Array(1 + tasks.length);
  features[state === 0 ? 0 : 1 + situationOf(state).task] = 1;
  return features;
}

/** Calls done, as a share: a potential that knows nothing of how to get further. */
export const callsDone = (state: number): number => (state === 0 ? 0 : situationOf(state).done / 2);
