/** One episode, or a piece of one, turn by turn. */
export interface ValuedTurns {
  readonly rewards: readonly number[];
  /** Value of the state before each turn. */
  readonly values: readonly number[];
  /** Value of the state after the last turn: 0 where the episode terminated, the value function's where it was truncated. */
  readonly bootstrap: number;
}

/**
 * Generalised advantage estimates (Schulman et al. 2016, arXiv:1506.02438, eq. 16): A = δ + γλ A of the next turn, with
 * δ = r + γ V of the next state − V. λ = 1 gives the discounted return less the value, λ = 0 the error of one step.
 */
export function generalisedAdvantages(turns: ValuedTurns, gamma: number, lambda: number): number[] {
  const { rewards, values, bootstrap } = turns;
  const advantages = rewards.map(() => 0);
  let [next, advantage] = [bootstrap, 0];
  for (let turn = rewards.length - 1; turn >= 0; turn--) {
    const value = values[turn] as number;
    advantage = (rewards[turn] as number) + gamma * next - value + gamma * lambda * advantage;
    advantages[turn] = advantage;
    next = value;
  }
  return advantages;
}

/** Share of the targets' variance that the predictions explain, at most 1; 0 where the targets do not vary. */
export function explainedVariance(targets: readonly number[], predictions: readonly number[]): number {
  const total = variance(targets);
  if (total === 0) return 0;
  return 1 - variance(targets.map((target, i) => target - (predictions[i] as number))) / total;
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
}
