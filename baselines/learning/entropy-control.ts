import type { EntropySums, Trainable } from './trainable.ts';

/**
 * Keeps the entropy of each kind of choice near a target that falls over the training: the weight of its bonus grows
 * while the entropy is too low and shrinks while it is too high. One weight per head, for a policy whose first decision
 * (act, load or finish) has frozen no longer explores, however uncertain its other choices are.
 */
export interface EntropyControl {
  readonly weights: () => readonly number[];
  readonly restore: (weights: readonly number[]) => void;
  /** Adapts to the entropies just measured. */
  readonly adapt: (entropy: EntropySums, progress: number) => void;
}

/** `controlled`: as above; `constant`: the weight that control begins with, all along; `none`: no bonus. */
export const entropyBonuses = ['controlled', 'constant', 'none'] as const;
export type EntropyBonus = (typeof entropyBonuses)[number];

export function makeEntropyControl(
  heads: Trainable['heads'],
  bonus: EntropyBonus = 'controlled',
  { initial = 0.02, smallest = 0.001, largest = 0.1, growth = 1.1 } = {},
): EntropyControl {
  let weights = heads.map(() => (bonus === 'none' ? 0 : initial));
  return {
    weights: () => weights,
    restore: (saved) => {
      weights = [...saved];
    },
    adapt: (entropy, progress) => {
      if (bonus !== 'controlled') return;
      weights = weights.map((weight, i) => {
        const measured = entropy[i];
        const [first, last] = heads[i]?.entropyTarget ?? [0, 0];
        if (!measured || measured.count === 0) return weight;
        const target = first + (last - first) * progress;
        const factor = measured.sum / measured.count < target ? growth : 1 / growth;
        return Math.min(largest, Math.max(smallest, weight * factor));
      });
    },
  };
}
