import type { RewardName } from '../reward-types.ts';
import type { RewardJudge } from '../run-types.ts';

/** Imitate the oracle, keep what was rewarded, learn by groups, or learn to judge by labels. */
export type FinetuneKind = 'sft' | 'rft' | 'grpo' | 'judge';

/** By part: seconds of the clock, and the tokens that it read, drew or trained on, null where it has none (calls, rewards). */
export type TrainingParts = Readonly<Record<string, { readonly seconds: number; readonly tokens: number | null }>>;

/** `training.json`: what `toolstone finetune` did, and what it cost. */
export interface TrainingRecord {
  readonly version: 1;
  /** `finetune.json`: what was asked for; what is absent there the trainer decided. */
  readonly settings: {
    readonly kind: FinetuneKind;
    readonly base: string;
    /** Of use to rft and grpo alone. */
    readonly reward: RewardName;
    /** Suite, view and code; and the judge that rewarded it, where that was not code on the usual rubrics. */
    readonly about: { readonly judge?: RewardJudge; readonly [fact: string]: unknown };
    readonly [setting: string]: unknown;
  };
  /** Of the optimiser, over all rounds. */
  readonly steps: number;
  /** Of training on the clock, over all rounds and resumptions; for grpo with its sampling. */
  readonly seconds: number;
  /** rft: of sampling on the clock, before training; else null. */
  readonly samplingSeconds: number | null;
  /** rft and grpo: episodes that the policy in training played; else null. */
  readonly sampledEpisodes: number | null;
  /** Read or drawn by the trainer. */
  readonly tokens: number | null;
  readonly threads: number | null;
  /** Of all steps that were kept; null where the trainer measured none, absent in older records. */
  readonly parts?: TrainingParts | null;
  /** Most resident memory of the trainer's process, in MiB. */
  readonly peakMebibytes: number | null;
}
