import { openTokenCounter } from '../models/token-counter.ts';
import type { Limits } from '../run-types.ts';
import type { TokenCounter } from '../tokens/counter.ts';

/** How the user wants episodes counted and bounded, whatever their tasks say. */
export interface ChosenCounting {
  readonly limits?: Partial<Limits>;
  /** Path of a tokenizer. */
  readonly tokenizer?: string | undefined;
}

let chosen: ChosenCounting = {};
let counter: TokenCounter | undefined;

/** Sets what the user gave, for this thread. */
export function chooseCounting(counting: ChosenCounting): void {
  if (counting.tokenizer !== chosen.tokenizer) counter = undefined;
  chosen = counting;
}

/** What the user gave, for another thread to choose. */
export const chosenCounting = (): ChosenCounting => chosen;

export const chosenLimits = (): Partial<Limits> => chosen.limits ?? {};

/** Undefined: Qwen3's. Opened at the first call. Throws `UsageError` where the tokenizer cannot be used. */
export function chosenCounter(): TokenCounter | undefined {
  if (chosen.tokenizer === undefined) return undefined;
  return (counter ??= openTokenCounter(chosen.tokenizer));
}
