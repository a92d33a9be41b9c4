import type { ScoredTrajectory, Trajectory } from '../trajectory.ts';
import type { Task } from '../types.ts';

/**
 * How much of the rubric is met before each turn, in 0..1, by code's verdicts on the episode so far. What only an end state
 * shows counts as not met yet, for the record holds no states in between. `null` where it cannot be scored.
 */
export function potentialsOf(
  task: Task,
  trajectory: Trajectory,
  score: (task: Task, trajectory: Trajectory) => ScoredTrajectory,
): number[] | null {
  const potentials = trajectory.turns.map((_, turn) => {
    const soFar: Trajectory = {
      ...trajectory,
      turns: trajectory.turns.slice(0, turn),
      outcome: { kind: 'truncated', cause: 'left' },
      evidence: trajectory.start ?? task.initial,
    };
    return score(task, soFar).rewards.rubric;
  });
  return potentials.every((one) => one !== null) ? potentials : null;
}

/**
 * Rewards by turn with potential-based shaping (Ng et al. 1999): r + γΦ of the next state − Φ, where Φ of the end is 0 and r
 * is 0 before the last turn. Such rewards leave the best policy the best (theorem 1). With γ = 1 they sum to the reward less
 * the first potential.
 */
export function shapedCredits(reward: number, potentials: readonly number[], gamma: number): number[] {
  return potentials.map((potential, turn) => {
    const isLast = turn === potentials.length - 1;
    return (isLast ? reward : gamma * (potentials[turn + 1] as number)) - potential;
  });
}

/** Discounted sums of what each turn and those after it earned. */
export function returnsToGo(credits: readonly number[], gamma: number): number[] {
  const returns = [...credits];
  for (let turn = returns.length - 2; turn >= 0; turn--)
    returns[turn] = (returns[turn] as number) + gamma * (returns[turn + 1] as number);
  return returns;
}
