import type { ModelClient, Sampling } from '../core/models/model-client.ts';
import type { EndpointCeilings } from '../core/models/open.ts';
import type { FunctionLimit } from '../core/models/openai-functions.ts';
import type { Job } from '../core/run-types.ts';
import type { KnownSettings, Setting } from '../core/settings.ts';
import type { TokenCounter } from '../core/tokens/counter.ts';
import type { Policy, Suite } from '../core/types.ts';
import type { Trainable } from './learning/trainable.ts';

/** Default export of each file in `baselines/policies/`, which a job names by its file: `FILE` or `FILE:ARGUMENT?key=value`. */
export interface PolicyDefinition<Settings extends object = Readonly<Record<string, Setting>>> {
  /** How it stands in help and in faults: `FILE`, or `FILE:ARGUMENT` where it cannot do without an argument. */
  readonly usage: string;
  /** Spends its time waiting for a model, so that more episodes than cores are kept going. */
  readonly waitsForModel?: true;
  /** Functions that one request to its endpoint may have; absent: as many as there are. */
  readonly functionLimit?: (settings: Settings) => FunctionLimit | undefined;
  /** Absent: it has none. */
  readonly settings?: KnownSettings<Settings>;
  /** Throws `UsageError` where what the job names is not there. */
  readonly open: (request: PolicyRequest<Settings>) => Policy | Promise<Policy>;
  /** The model alone, for what asks it for no episode; absent where the policy is none. Throws `UsageError` like `open`. */
  readonly openModel?: (request: ModelRequest<Settings>) => Promise<OpenedModel>;
  /** The policy as a training begins with it; absent where it does not learn. */
  readonly begin?: (request: PolicyRequest<Settings>) => TrainablePolicy | Promise<TrainablePolicy>;
}

/** What a policy is opened with. */
export interface PolicyRequest<Settings extends object = Readonly<Record<string, Setting>>> {
  /** What stands between ":" and "?" in the job's name of the policy; '' where nothing does. */
  readonly argument: string;
  readonly settings: Settings;
  readonly job: Job;
  readonly suite: Suite;
  readonly ceilings: EndpointCeilings;
  /** Whose tokens a model's prompts have; absent: Qwen3's. */
  readonly counter?: TokenCounter | undefined;
  /** Asks a model's endpoint for a token, so that whatever is wrong with it is told before the first episode. */
  readonly isPreflight?: boolean;
}

/** What the model of a policy is opened with. */
export interface ModelRequest<Settings extends object = Readonly<Record<string, Setting>>> extends Pick<
  PolicyRequest<Settings>,
  'argument' | 'settings' | 'ceilings' | 'counter' | 'isPreflight'
> {
  /** The policy as a user names it. */
  readonly policy: string;
  /** Of the jitter between two tries. */
  readonly seed: number;
}

export interface OpenedModel {
  readonly client: ModelClient;
  /** As its name says. */
  readonly sampling: Omit<Sampling, 'seed' | 'repeatPenalty'>;
  /** Whether images and sound go to it as they are. */
  readonly takesMedia: boolean;
}

export interface TrainablePolicy {
  /** Takes the likeliest of every choice, by the weights as they are then. */
  readonly greedy: Policy;
  readonly trainable: Trainable;
}
