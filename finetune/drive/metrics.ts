import { existsSync, readFileSync } from 'node:fs';
import type { TrainingParts } from '../../core/record/training-record.ts';

/** What a trainer says of one step, in our names; absent where it says nothing. */
export interface StepMetrics {
  readonly step: number;
  readonly steps: number;
  /** Of training, those of earlier tries included, as far as their steps were kept. */
  readonly seconds: number;
  readonly loss?: number | null;
  readonly gradientNorm?: number | null;
  /** Mean over the step's episodes; null where every one was void. */
  readonly reward?: number | null;
  readonly rewardDeviation?: number | null;
  readonly entropy?: number | null;
  /** Divergence from the base. */
  readonly kl?: number | null;
  /** Groups whose episodes all earned the same, from which nothing is learnt; 0–1. */
  readonly zeroVarianceShare?: number | null;
  /** Calls of tools per episode. */
  readonly callRate?: number | null;
  readonly failedCallShare?: number | null;
  /** Episodes that ran out of tokens; 0–1. */
  readonly clippedShare?: number | null;
  /** Episodes in which `finish` was called; 0–1. */
  readonly finishedShare?: number | null;
  readonly voidEpisodes?: number | null;
  /** Whole ones that nobody could score, which are excluded like void ones. */
  readonly unjudgedEpisodes?: number | null;
  /** Mean score of each criterion that the reward is the sum of, 0–1. */
  readonly components?: Readonly<Record<string, number | null>>;
  /** What the step's reading, drawing, calls, rewards and passes took. */
  readonly parts?: TrainingParts;
  readonly completionTokens?: number | null;
  /** Read or drawn since the beginning. */
  readonly tokens?: number | null;
  readonly threads?: number;
  /** Most resident memory of the trainer so far. */
  readonly peakMebibytes?: number;
}

/** Names of the trainer's own log. */
const names: Readonly<Record<string, keyof StepMetrics>> = {
  step: 'step',
  steps: 'steps',
  seconds: 'seconds',
  loss: 'loss',
  grad_norm: 'gradientNorm',
  reward: 'reward',
  reward_std: 'rewardDeviation',
  entropy: 'entropy',
  kl: 'kl',
  frac_reward_zero_std: 'zeroVarianceShare',
  'tools/call_frequency': 'callRate',
  'tools/failure_frequency': 'failedCallShare',
  'completions/clipped_ratio': 'clippedShare',
  'completions/mean_length': 'completionTokens',
  'episodes/finished': 'finishedShare',
  'episodes/void': 'voidEpisodes',
  'episodes/unjudged': 'unjudgedEpisodes',
  num_tokens: 'tokens',
  threads: 'threads',
  peak_mebibytes: 'peakMebibytes',
};

/** All whole lines of a trainer's log; a line being written is left for the next time. */
export function readMetrics(path: string): StepMetrics[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const values = JSON.parse(line) as Values;
    const metrics = Object.entries(values).flatMap(([key, value]) => {
      const name = names[key];
      return name === undefined ? [] : [[name, value] as const];
    });
    const components = behind('components/', values);
    const parts = partsIn(values);
    return {
      ...Object.fromEntries(metrics),
      ...(isEmpty(components) ? {} : { components }),
      ...(isEmpty(parts) ? {} : { parts }),
    } as unknown as StepMetrics;
  });
}

type Values = Readonly<Record<string, number | null>>;

/** What the log has under names that begin so, by the rest of their names. */
const behind = (mark: string, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (key.startsWith(mark) ? [[key.slice(mark.length), value]] : [])),
  );

function partsIn(values: Values): TrainingParts {
  const tokens = behind('tokens/', values);
  const seconds = Object.entries(behind('seconds/', values));
  return Object.fromEntries(
    seconds.map(([part, value]) => [part, { seconds: value ?? 0, tokens: tokens[part] ?? null }]),
  );
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;
