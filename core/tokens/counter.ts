import type { ChatMessage } from '../models/model-client.ts';
import type { TokenSource } from '../run-types.ts';
import type { MetaTool } from '../types.ts';
import { countTokens, countTokensInSlices, cutToTokens } from './qwen3.ts';

/** Counts tokens by one tokenizer, and whole prompts where it knows the template that goes with it. */
export interface TokenCounter {
  /** What a run's manifest says of it; absent for Qwen3's own tokenizer and template. */
  readonly source?: TokenSource;
  readonly count: (text: string) => number;
  /** The same number; a long text is counted in slices, between which other work gets its turn. Rejects on abort. */
  readonly countInSlices: (text: string, signal?: AbortSignal) => Promise<number>;
  /** A beginning of at most `limit` tokens, and the tokens left out of `whole`, the text's number. */
  readonly cut: (text: string, limit: number, whole: number) => { readonly text: string; readonly cutTokens: number };
  /** The model's own template. Absent: Qwen3's, in which messages only add up. */
  readonly template?: PromptTemplate;
}

/** How a model's prompts are written, with what its template cannot say left to plain text. */
export interface PromptTemplate {
  /** It has a place for tools, calls and results; otherwise they are plain text. */
  readonly takesTools: boolean;
  /** Tokens of the whole prompt up to where the assistant writes. Throws `PolicyFailure` where the template refuses. */
  readonly promptTokens: (messages: readonly ChatMessage[], tools: readonly MetaTool[]) => number;
}

/** Qwen3's tokenizer, of every house policy and of every model of which nothing better is known. */
export const qwen3Counter: TokenCounter = {
  count: countTokens,
  countInSlices: countTokensInSlices,
  cut: cutToTokens,
};
