import { readNamedSettings, type KnownSettings } from './named-settings.ts';
import type { Scale } from './question.ts';

/** What a judge's name may ask for, e.g. `ollama:qwen3:4b?scope=criterion&votes=3`. */
export interface Settings {
  /** Criteria per call: `all` (as in the paper), those of one `category`, or one `criterion`. */
  readonly scope: 'all' | 'category' | 'criterion';
  readonly scale: Scale;
  /** 1: the trajectories of a task are shown in one call, in shuffled order. */
  readonly group: number;
  /** Calls per question, each with a seed of its own; 2 or more also shuffle the criteria. */
  readonly votes: number;
  readonly temperature: number;
  readonly seed: number;
  /** Tokens of all records of a call, in Qwen3's; a group's share them evenly. */
  readonly evidenceTokens: number;
  /** Tokens of one criterion. */
  readonly criterionTokens: number;
  readonly contextTokens: number;
  /** Room for thinking before the answer; 0: Ollama's models are told not to think. */
  readonly thinkingTokens: number;
  /** Calls at a time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** CPU threads of Ollama; 0: the server decides. */
  readonly threads: number;
  /** Likeliest tokens asked for, from which P(yes) is made; 0: the bare answer counts. */
  readonly likeliest: number;
}

const defaultSettings: Settings = {
  scope: 'all',
  scale: 'yes-no',
  group: 0,
  votes: 1,
  temperature: 0,
  seed: 0,
  evidenceTokens: 2_000,
  criterionTokens: 160,
  contextTokens: 8_192,
  thinkingTokens: 0,
  concurrency: 1,
  timeoutSeconds: 60,
  threads: 0,
  likeliest: 10,
};

const known: KnownSettings<Settings> = {
  owner: 'judge',
  defaults: defaultSettings,
  words: { scope: ['all', 'category', 'criterion'], scale: ['yes-no', 'ten'] },
  ranges: {
    group: [0, 1],
    votes: [1, 100],
    temperature: [0, 5],
    seed: [0, 2 ** 31 - 1],
    evidenceTokens: [100, 1_000_000],
    criterionTokens: [16, 10_000],
    contextTokens: [600, 10_000_000],
    thinkingTokens: [0, 1_000_000],
    concurrency: [1, 256],
    timeoutSeconds: [1, 280],
    threads: [0, 1_024],
    likeliest: [0, 20],
  },
  matterless: ['concurrency', 'timeoutSeconds', 'threads'],
  usual: ({ votes = 1 }) => (Number(votes) > 1 ? { temperature: 0.7 } : {}),
};

/** A judge's model, its settings, and those of them that belong to its name; several votes are drawn at temperature .7 unless told. */
export const readSettings = (argument: string) => readNamedSettings(argument, known);
