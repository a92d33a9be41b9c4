import type { LossOptions } from './trainable.ts';
import type { Engine } from './engine.ts';
import type { Tape, Tensor } from './tape.ts';

/** One choice of a batch, for the loss. */
export interface LossChoice {
  /** Candidates, at least one. */
  readonly candidates: number;
  readonly chosen: number;
  readonly logProbability: number;
  readonly advantage: number;
}

export interface LossResult {
  loss: number;
  clipped: number;
  kl: number;
  entropySum: number;
  entropyCount: number;
}

/**
 * Σ scale · (−min(ρA, clip(ρ)A) − entropy · H) over choices, given their candidates' log-probabilities as one column.
 * ρ is the ratio of new to old probability. Sets the column's gradient by a step on the tape.
 */
export function policyLoss(
  engine: Engine,
  tape: Tape,
  logProbabilities: Tensor,
  choices: readonly LossChoice[],
  options: Omit<LossOptions, 'entropy'> & { readonly entropy: number },
): LossResult {
  const { floats } = engine;
  const result: LossResult = { loss: 0, clipped: 0, kl: 0, entropySum: 0, entropyCount: 0 };
  const gradients = new Float32Array(logProbabilities.rows);
  let first = 0;
  for (const choice of choices) {
    const at = (logProbabilities.pointer >> 2) + first;
    const logRatio = (floats[at + choice.chosen] as number) - choice.logProbability;
    const ratio = Math.exp(logRatio);
    const { advantage } = choice;
    const isClipped = advantage > 0 ? ratio > 1 + options.clipHigh : advantage < 0 && ratio < 1 - options.clipLow;
    const bounded = Math.min(Math.max(ratio, 1 - options.clipLow), 1 + options.clipHigh);
    result.loss -= options.scale * Math.min(ratio * advantage, bounded * advantage);
    result.kl += ratio - 1 - logRatio;
    if (isClipped) result.clipped += 1;
    else gradients[first + choice.chosen] = -options.scale * ratio * advantage;
    if (choice.candidates > 1) {
      result.entropyCount += 1;
      for (let i = 0; i < choice.candidates; i++) {
        const log = floats[at + i] as number;
        const probability = Math.exp(log);
        result.entropySum -= probability * log;
        gradients[first + i] =
          (gradients[first + i] as number) + options.scale * options.entropy * probability * (log + 1);
      }
    }
    first += choice.candidates;
  }
  tape.custom(() => {
    const at = logProbabilities.gradient >> 2;
    for (let i = 0; i < gradients.length; i++) floats[at + i] = (floats[at + i] as number) + (gradients[i] as number);
  });
  return result;
}
