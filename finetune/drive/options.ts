import type { RewardName } from '../../core/reward-types.ts';
import type { FinetuneKind } from '../../core/record/training-record.ts';
import type { Split } from '../../core/types.ts';
import type { OfferedTools } from '../export/sft-rows.ts';
import type { JudgeToBe } from '../judge/judge-to-be.ts';
import type { Death } from './dead-training.ts';

/** What a user may set of a training; what is left out the scripts decide. */
export interface TrainingOptions {
  readonly steps?: number;
  readonly learningRate?: number;
  readonly rank?: number;
  /** Upper layers whose weights are trained, in place of an adapter. */
  readonly layers?: number;
  readonly seed?: number;
  readonly threads?: number;
  /** That train together, one for each graphics card. Each goes through sequences (sft, rft) or episodes (grpo) of its own. */
  readonly processes?: number;
  /** Ends the training after so many steps of those that it would have; its schedule is that of all. */
  readonly stopAfter?: number;
  /** sft and rft: first turns of other episodes in each sequence, beside its whole ones. */
  readonly openings?: number;
  /** sft and rft: the episodes of a sequence are of different families, and were shown the same tools by the same names. */
  readonly contrasts?: boolean;
  /** grpo: tasks a step, episodes a task, calls of an episode at most, weight of the divergence from the base. */
  readonly prompts?: number;
  readonly generations?: number;
  readonly turns?: number;
  readonly beta?: number;
  /** grpo: episodes that each process scores and trains at a time, and the most tokens of one behind its prompt. */
  readonly batch?: number;
  readonly completionTokens?: number;
  /** grpo: what draws the episodes; of vllm the share of a graphics card's memory (0–1), and the longest prompt in tokens. */
  readonly engine?: 'transformers' | 'vllm';
  readonly engineMemory?: number;
  readonly contextTokens?: number;
  /** rft and grpo: tokens that the model may write in one turn. */
  readonly turnTokens?: number;
  /** grpo: what is normalised in a group: its rewards, or each component of which they are the sum. */
  readonly normalise?: 'sum' | 'component';
}

export interface RecordRequest {
  readonly policy: string;
  readonly split: Split;
  readonly tasks: number;
  readonly out: string;
  /** The policy is rewarded, by the judge where there is one; those of the oracle are only imitated. */
  readonly isRewarded: boolean;
}

export interface FinetuneOptions extends TrainingOptions {
  readonly kind: FinetuneKind;
  /** What is trained: a GGUF file, or the `model` folder of an earlier finetuning. */
  readonly base: string;
  /** The GGUF file whose tokenizer and layout the result takes over; by default `base`, where that is one. */
  readonly onto?: string;
  /** Tasks of split `train`: oracle episodes (sft), sampled episodes a round (rft), tasks to draw from (grpo). */
  readonly tasks: number;
  /** rft only. */
  readonly rounds: number;
  /** rft only: what an episode must have earned to be kept. */
  readonly least: number;
  readonly reward: RewardName;
  /** grpo by components: those that the rewards of its tasks are the sum of, with their weights. */
  readonly components?: readonly (readonly [criterion: string, weight: number])[];
  /** Identity of the run besides these options, e.g. suite, view and version. */
  readonly about: object;
  readonly out: string;
  readonly isFresh: boolean;
  readonly python?: string;
  /** The functions that episodes of a recorded run were offered. */
  readonly offered: (run: string) => Promise<OfferedTools>;
  /** Runs a policy that does not learn over tasks of a split into the folder `out`, which may hold a part of it already. */
  readonly record: (request: RecordRequest) => Promise<unknown>;
  /** Starts the environment server that records its sessions in the folder `out`. */
  readonly serve: (request: { out: string; sessions: number }) => Promise<{
    readonly url: string;
    /** Why no further episode can be rewarded; undefined while whoever rewards answers. Absent: always. */
    readonly lost?: () => string | undefined;
    readonly close: () => Promise<void>;
  }>;
  /** judge only: what it is to learn. */
  readonly judge?: JudgeToBe;
  readonly told: (sentence: string) => void;
}

/** The model as folder, to train on, and as GGUF file, to serve; or why there is none. */
export type Finetuned =
  | { readonly folder: string; readonly model: string; readonly gguf: string; readonly death?: undefined }
  | { readonly folder: string; readonly death: Death; readonly model?: undefined; readonly gguf?: undefined };

/** With what was found before the first stage: the interpreter, and the file that the result takes its layout from. */
export type Prepared = FinetuneOptions & { readonly python: string; readonly onto: string };
