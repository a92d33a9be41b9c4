import { endpointSettings } from '../../../core/models/endpoint-settings.ts';
import { readNamedSettings, settingsText, wholeFrom, type KnownSettings } from '../../../core/settings.ts';
import type { ModelSettings } from '../../language/open-model.ts';

/** What the name of a model that writes rubrics may ask for, e.g. `ollama:qwen3:4b?tries=5`. */
export interface WriterSettings extends ModelSettings {
  readonly temperature: number;
  /** Most replies that are asked for, each with a seed of its own, until one can be used. */
  readonly tries: number;
  /** Tokens of all tools of a task, in Qwen3's. */
  readonly toolTokens: number;
  readonly contextTokens: number;
  /** Most tokens of a reply, thinking apart. */
  readonly outputTokens: number;
  /** Room for thinking before the reply; 0: Ollama's models are told not to think. */
  readonly thinkingTokens: number;
}

const known: KnownSettings<WriterSettings> = {
  defaults: {
    temperature: 0.7,
    seed: 0,
    tries: 3,
    toolTokens: 3_000,
    contextTokens: 8_192,
    outputTokens: 2_000,
    thinkingTokens: 0,
    timeoutSeconds: 280,
    threads: 0,
    ...endpointSettings.defaults,
  },
  choices: endpointSettings.choices,
  free: endpointSettings.free,
  ranges: {
    temperature: { least: 0, most: 5, isWhole: false },
    seed: wholeFrom(0, 2 ** 31 - 1),
    tries: wholeFrom(1, 20),
    toolTokens: wholeFrom(50, 1_000_000),
    contextTokens: wholeFrom(600, 10_000_000),
    outputTokens: wholeFrom(100, 100_000),
    thinkingTokens: wholeFrom(0, 1_000_000),
    timeoutSeconds: wholeFrom(1, 86_400),
    threads: wholeFrom(0, 1_024),
  },
};

/** Nothing of what a model that keeps its word writes hangs on these. */
const notInNames = ['timeoutSeconds', 'threads'] as const;

/**
 * Reads `MODEL?SETTINGS`. `suffix` holds the settings that are part of the writer's name. Throws `UsageError` on a setting
 * that there is not.
 */
export function readWriter(argument: string): {
  readonly model: string;
  readonly settings: WriterSettings;
  readonly suffix: string;
} {
  const { name: model, settings } = readNamedSettings(argument, known);
  return { model, settings, suffix: settingsText(settings, known, notInNames) };
}
