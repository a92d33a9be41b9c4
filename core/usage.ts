/** Token usage as the provider reports it. */
export interface Usage {
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  /** Of the prompt, known to the provider from before; absent where it does not say. */
  readonly cachedTokens?: number;
  /** Of the output, thinking; absent where it does not say. */
  readonly reasoningTokens?: number;
  /** Why the prompt's number cannot tell whether the provider read all of it; absent where it can. */
  readonly unclear?: UnclearUsage;
}

/** `unsaid`: the provider gives no number; `partial`: it seems to count what it had to read anew alone. */
export type UnclearUsage = 'unsaid' | 'partial';
