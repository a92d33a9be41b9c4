import { endpointSettings } from '../../core/models/endpoint-settings.ts';
import { readNamedSettings, settingsText, wholeFrom, type KnownSettings } from '../../core/settings.ts';
import type { ModelSettings } from './open-model.ts';
import type { Scale } from './question.ts';

/** What a judge's name may ask for, e.g. `ollama:qwen3:4b?scope=criterion&votes=3`. */
export interface Settings extends ModelSettings {
  /** Criteria per call: `all` (as in the paper), those of one `category`, or one `criterion`. */
  readonly scope: 'all' | 'category' | 'criterion';
  readonly scale: Scale;
  /** 1: the trajectories of a task are shown in one call, in shuffled order. */
  readonly group: number;
  /** Calls per question, each with a seed of its own; 2 or more also shuffle the criteria. */
  readonly votes: number;
  readonly temperature: number;
  /** Tokens of all records of a call, in Qwen3's; a group's share them evenly. */
  readonly evidenceTokens: number;
  /** Tokens of one criterion. */
  readonly criterionTokens: number;
  readonly contextTokens: number;
  /** Room for thinking before the answer; 0: Ollama's models are told not to think. */
  readonly thinkingTokens: number;
  /** Calls at a time. */
  readonly concurrency: number;
  /** Most tokens, prompt and output together, and seconds of all calls of a run; 0: as many as it takes. */
  readonly totalTokens: number;
  readonly totalSeconds: number;
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
  totalTokens: 0,
  totalSeconds: 0,
  likeliest: 10,
  ...endpointSettings.defaults,
};

const known: KnownSettings<Settings> = {
  defaults: defaultSettings,
  choices: { scope: ['all', 'category', 'criterion'], scale: ['yes-no', 'ten'], ...endpointSettings.choices },
  free: endpointSettings.free,
  ranges: {
    group: wholeFrom(0, 1),
    votes: wholeFrom(1, 100),
    temperature: { least: 0, most: 5, isWhole: false },
    seed: wholeFrom(0, 2 ** 31 - 1),
    evidenceTokens: wholeFrom(100, 1_000_000),
    criterionTokens: wholeFrom(16, 10_000),
    contextTokens: wholeFrom(600, 10_000_000),
    thinkingTokens: wholeFrom(0, 1_000_000),
    concurrency: wholeFrom(1, 256),
    timeoutSeconds: wholeFrom(1, 86_400),
    threads: wholeFrom(0, 1_024),
    totalTokens: wholeFrom(0, 1_000_000_000_000),
    totalSeconds: wholeFrom(0, 1_000_000_000),
    likeliest: wholeFrom(0, 20),
  },
};

const severalVotesTemperature = 0.7;

/** Nothing of what a model that keeps its word says hangs on these. */
const notInNames = ['concurrency', 'timeoutSeconds', 'threads', 'totalTokens', 'totalSeconds'] as const;

/**
 * Reads `MODEL?SETTINGS`; several votes are drawn at temperature .7 unless told. `suffix` holds the settings that are part of
 * the judge's name. Throws `UsageError` on a setting that there is not.
 */
export function readSettings(argument: string): {
  readonly model: string;
  readonly settings: Settings;
  readonly suffix: string;
} {
  const { name: model, settings: stated, set } = readNamedSettings(argument, known);
  const isDrawn = stated.votes > 1 && set.temperature === undefined;
  const settings = isDrawn ? { ...stated, temperature: severalVotesTemperature } : stated;
  return { model, settings, suffix: settingsText(settings, known, notInNames) };
}
