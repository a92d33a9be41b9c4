import type { ClientSettings } from '../../language/client-settings.ts';
import { readNamedSettings, type KnownSettings } from '../../language/named-settings.ts';

/** What the name of a model that writes rubrics may ask for, e.g. `ollama:qwen3:4b?tries=5`. */
export interface WriterSettings extends ClientSettings {
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
  owner: 'writer of rubrics',
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
  },
  words: {},
  ranges: {
    temperature: [0, 5],
    seed: [0, 2 ** 31 - 1],
    tries: [1, 20],
    toolTokens: [50, 1_000_000],
    contextTokens: [600, 10_000_000],
    outputTokens: [100, 100_000],
    thinkingTokens: [0, 1_000_000],
    timeoutSeconds: [1, 280],
    threads: [0, 1_024],
  },
  matterless: ['timeoutSeconds', 'threads'],
};

/** A writer's model, its settings, and those of them that belong to its name. */
export const readWriter = (argument: string) => readNamedSettings(argument, known);
