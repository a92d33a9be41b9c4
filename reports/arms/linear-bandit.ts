/** A contextual bandit: chooses an arm by what is known before, and learns from what that arm alone brought. */
export interface LinearBandit {
  /** Index of the arm with the highest bound; the first of equal ones. */
  readonly choose: (context: readonly number[]) => number;
  readonly learn: (arm: number, context: readonly number[], reward: number) => void;
}

/**
 * LinUCB with a linear model of its own for each arm (Li et al. 2010, arXiv:1003.0146, algorithm 1): the arm with the
 * highest θᵀx + α √(xᵀA⁻¹x), where A = I + Σ xxᵀ and θ = A⁻¹ Σ r x over the rounds that chose it.
 * @param size numbers of a context.
 */
export function linearBandit(arms: number, size: number, alpha = 1): LinearBandit {
  const models = Array.from({ length: arms }, () => ({
    inverse: Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_one, j) => Number(i === j))),
    sums: Array.from({ length: size }, () => 0),
  }));
  return {
    choose: (context) => {
      const bounds = models.map(({ inverse, sums }) => {
        const stretched = times(inverse, context);
        // θᵀx = Σ r xᵀA⁻¹x, for A is symmetric.
        return dot(sums, stretched) + alpha * Math.sqrt(dot(context, stretched));
      });
      return bounds.indexOf(Math.max(...bounds));
    },
    learn: (arm, context, reward) => {
      const model = models[arm];
      if (!model || context.length !== size) throw new RangeError(`no arm ${arm} for ${context.length} numbers`);
      const stretched = times(model.inverse, context);
      const scale = 1 + dot(context, stretched);
      // Sherman and Morrison's inverse of A + xxᵀ.
      model.inverse = model.inverse.map((row, i) =>
        row.map((value, j) => value - ((stretched[i] ?? 0) * (stretched[j] ?? 0)) / scale),
      );
      model.sums = model.sums.map((sum, i) => sum + reward * (context[i] ?? 0));
    },
  };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const times = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => dot(row, vector));
