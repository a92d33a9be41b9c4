import type { Sampling } from '../../core/models/model-client.ts';
import { functionSearches, type FunctionSearch } from '../../core/models/deferred-functions.ts';
import { endpointSettings, type EndpointSettings } from '../../core/models/endpoint-settings.ts';
import { wholeFrom, type KnownSettings } from '../../core/settings.ts';

/** Greedy, with room for the episode's longest prompt (core/run/limits.ts) and one reply. */
export const defaultSampling = {
  temperature: 0,
  topP: 1,
  topK: 40,
  minP: 0,
  repeatPenalty: 1,
  outputTokens: 1_024,
  contextTokens: 32_768,
} satisfies Omit<Sampling, 'seed'>;

const { repeatPenalty: _, ...sampled } = defaultSampling;

const defaults = { ...sampled, seed: 0, parallel: true };

/** `seed` 0 draws as the episode's own seed says, another one otherwise; without `parallel` one call a reply is carried out. */
export type ModelSettings = typeof defaults;

/** What a model's name may ask for, e.g. `llama:FILE.gguf?temperature=1&outputTokens=128`. */
export const modelSettings: KnownSettings<ModelSettings> = {
  defaults,
  choices: {},
  ranges: { seed: wholeFrom(0, 2 ** 31 - 1) },
};

/**
 * The same behind an endpoint; `images`: those of results, and sound, go to the model as they are; `tools`: functions of tools are shown
 * to the model, or found by the endpoint's own search, `tool-search`.
 */
export type ServedSettings = ModelSettings &
  EndpointSettings & {
    readonly images: boolean;
    readonly tools: 'all' | 'deferred';
    readonly 'tool-search': FunctionSearch;
  };

export const servedSettings: KnownSettings<ServedSettings> = {
  ...modelSettings,
  ...endpointSettings,
  defaults: { ...defaults, ...endpointSettings.defaults, images: false, tools: 'all', 'tool-search': 'bm25' },
  choices: { ...endpointSettings.choices, tools: ['all', 'deferred'], 'tool-search': functionSearches },
};
