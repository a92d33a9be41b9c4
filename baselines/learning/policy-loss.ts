/** Losses over the choices of episodes, as pure functions of log-probabilities (natural log). */

/** A loss over one batch of sessions. */
export interface Objective {
  /** What each choice of a session counts for in the entropy bonus: as in the loss, or nothing. */
  readonly weights: readonly number[];
  /** Begins a pass. `present` gives the log-probabilities under the present weights, by session and choice. */
  readonly pass: (present: () => readonly Float64Array[]) => Pass;
}

export interface Pass {
  /** Counts one choice in; the derivative of the loss by its log-probability. */
  readonly slope: (session: number, choice: number, logProbability: number) => number;
  /** What was counted: the loss without the entropy bonus, and the objective's own. */
  readonly metrics: () => { readonly loss: number } & Readonly<Record<string, number>>;
}

/** One session's part in a policy gradient; a number per choice where it says so. */
export interface SurrogateTerm {
  readonly advantages: ArrayLike<number>;
  /** Log-probabilities at the time of choosing. */
  readonly behaviour: ArrayLike<number>;
  /** Log-probabilities under the reference policy, where a KL term is wanted. */
  readonly reference?: ArrayLike<number>;
  readonly weight: number;
}

export interface SurrogateOptions {
  /** The ratio's clip range 1 − low .. 1 + high (PPO, Schulman et al. 2017, eq. 7; apart in DAPO, Yu et al. 2025). */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** `sequence`: one ratio for all choices of an episode, exp(mean log-ratio) (GSPO, Zheng et al. 2025, eq. 7). */
  readonly importanceSampling: 'token' | 'sequence';
  /** Weight of KL(policy ‖ reference), estimated by k3. */
  readonly beta: number;
}

/**
 * Schulman's k3: e^x − 1 − x ≥ 0, whose mean is KL(p ‖ q) for samples of p and x = log q − log p, with less variance than x.
 */
export const k3 = (logRatio: number): number => Math.expm1(logRatio) - logRatio;

/**
 * Σ weight · (−min(ρA, clip(ρ)A) + β · k3). ρ is the ratio of new to old probability, of the choice or of the episode.
 * Metrics: the share of choices that the clip holds (`clip_ratio`, of it `clip_ratio_low` those with A < 0), `kl` to the
 * policy that acted, and, where there is a reference, `kl_reference`; means over choices.
 */
export function clippedSurrogate(terms: readonly SurrogateTerm[], options: SurrogateOptions): Objective {
  const { clipLow, clipHigh, importanceSampling, beta } = options;
  return {
    weights: terms.map(({ weight }) => weight),
    pass: (present) => {
      const ratios = importanceSampling === 'sequence' ? sequenceRatios(terms, present()) : null;
      const sums = { loss: 0, choices: 0, low: 0, high: 0, kl: 0, reference: 0 };
      return {
        slope: (session, choice, logProbability) => {
          const { advantages, behaviour, reference, weight } = terms[session] as SurrogateTerm;
          const advantage = advantages[choice] as number;
          const logRatio = logProbability - (behaviour[choice] as number);
          const ratio = ratios ? (ratios[session] as number) : Math.exp(logRatio);
          const isHigh = advantage > 0 && ratio > 1 + clipHigh;
          const isLow = advantage < 0 && ratio < 1 - clipLow;
          const bounded = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh);
          sums.loss -= weight * Math.min(ratio * advantage, bounded * advantage);
          sums.kl += k3(logRatio);
          sums.choices += 1;
          if (isLow) sums.low += 1;
          if (isHigh) sums.high += 1;
          const slope = isLow || isHigh ? 0 : -weight * ratio * advantage;
          if (!reference) return slope;
          const toReference = (reference[choice] as number) - logProbability;
          sums.reference += k3(toReference);
          sums.loss += weight * beta * k3(toReference);
          return slope + weight * beta * (1 - Math.exp(toReference));
        },
        metrics: () => {
          const choices = Math.max(1, sums.choices);
          return {
            loss: sums.loss,
            clip_ratio: (sums.low + sums.high) / choices,
            clip_ratio_low: sums.low / choices,
            clip_ratio_high: sums.high / choices,
            kl: sums.kl / choices,
            ...(beta > 0 ? { kl_reference: sums.reference / choices } : {}),
          };
        },
      };
    },
  };
}

function sequenceRatios(terms: readonly SurrogateTerm[], present: readonly Float64Array[]): number[] {
  return terms.map(({ behaviour }, session) => {
    const now = present[session] as Float64Array;
    let sum = 0;
    for (let i = 0; i < now.length; i++) sum += (now[i] as number) - (behaviour[i] as number);
    return Math.exp(sum / Math.max(1, now.length));
  });
}

/** −Σ weight · log-probability: maximum likelihood of what was done. */
export function likelihood(weights: readonly number[]): Objective {
  return {
    weights,
    pass: () => {
      let loss = 0;
      return {
        slope: (session, _, logProbability) => {
          const weight = weights[session] as number;
          loss -= weight * logProbability;
          return -weight;
        },
        metrics: () => ({ loss }),
      };
    },
  };
}

/** A session preferred to another, by their places in the batch. */
export interface Preference {
  readonly chosen: number;
  readonly rejected: number;
}

/**
 * Direct preference optimisation (Rafailov et al. 2023, eq. 7): the mean over pairs of −log σ(margin), with margin
 * β · (log π/ref of the chosen − log π/ref of the rejected episode). Metrics by TRL's names: `rewards_margins`, the mean
 * margin, and `rewards_accuracies`, the share of pairs with a margin above 0.
 */
export function directPreference(
  pairs: readonly Preference[],
  reference: readonly ArrayLike<number>[],
  beta: number,
): Objective {
  return {
    weights: reference.map(() => 1 / reference.length),
    pass: (present) => {
      const now = present();
      const rewards = now.map((logs, i) => beta * (sum(logs) - sum(reference[i] as ArrayLike<number>)));
      const slopes = now.map(() => 0);
      let [loss, margins, accurate] = [0, 0, 0];
      for (const { chosen, rejected } of pairs) {
        const margin = (rewards[chosen] as number) - (rewards[rejected] as number);
        loss += softplus(-margin) / pairs.length;
        margins += margin / pairs.length;
        if (margin > 0) accurate += 1 / pairs.length;
        const slope = beta / (1 + Math.exp(margin)) / pairs.length;
        slopes[chosen] = (slopes[chosen] as number) - slope;
        slopes[rejected] = (slopes[rejected] as number) + slope;
      }
      return {
        slope: (session) => slopes[session] as number,
        metrics: () => ({ loss, rewards_margins: margins, rewards_accuracies: accurate }),
      };
    },
  };
}

/** log(1 + e^x), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
