import type { LedgerRow } from '../trajectory.ts';
import type { Decision, MetaTool, Observation, View } from '../types.ts';
import type { TokenCounter } from './counter.ts';

export interface LedgerOptions {
  readonly system: string;
  readonly schemas: View['schemas'];
  readonly metaTools: readonly MetaTool[];
  readonly prompt: string;
  /** Longest rendered prompt, in tokens. */
  readonly contextTokens: number;
  /** Longest result or refusal kept, in tokens of its message beyond the template's own. */
  readonly resultTokens: number;
  /** Whose tokens; by default Qwen3's. */
  readonly counter?: TokenCounter;
  /** Ends the count of a long text. */
  readonly signal?: AbortSignal;
}

export interface Ledger {
  /** Tokens of the whole prompt that the policy would get now, generation prompt included. */
  readonly nextPromptTokens: () => number;
  /** The next prompt is longer than the context: the episode is truncated. */
  readonly exceeds: () => boolean;
  /**
   * Books one turn, with what the user says next where it ended a message of several: the row tells the prompt before the
   * decision, the observations come back cut to the budgets. Rejects
   * when `signal` is aborted during the count of a long text, or with `PolicyFailure` where the model's own template refuses
   * the conversation; the ledger is of no use then.
   */
  readonly take: (
    decision: Decision,
    observations: readonly Observation[],
    user?: string,
  ) => Promise<{ readonly observations: readonly Observation[]; readonly row: LedgerRow }>;
}
