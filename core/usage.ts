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

/**
 * Token ids of one turn as the engine read and drew them. The prompts and outputs of an episode's turns laid end to end
 * are the whole sequence: nothing is ever tokenised again. Only outputs are the policy's own.
 */
export interface Capture {
  /** Ids that came after the previous turn's output: at first the whole prompt, later an observation and its frame. */
  readonly prompt: readonly number[];
  /** Drawn ids, the end of the turn included where the model wrote it. */
  readonly output: readonly number[];
  /**
   * Natural logarithm of the probability with which each output id was drawn, temperature and truncation applied, to six
   * decimals. Empty at temperature 0, where nothing is left to chance.
   */
  readonly logProbabilities: readonly number[];
  readonly sampling: {
    readonly temperature: number;
    readonly topP: number;
    readonly topK: number;
    readonly minP: number;
    readonly repeatPenalty: number;
  };
}
