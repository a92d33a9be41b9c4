import type { Sampling } from '../../core/models/model-client.ts';
import type { KnownSettings } from '../../core/settings.ts';

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

const { repeatPenalty: _, ...defaults } = defaultSampling;

/** What a model's name may ask for, e.g. `llama:FILE.gguf?temperature=1&outputTokens=128`. */
export const samplingSettings: KnownSettings<typeof defaults> = { defaults, choices: {} };
export type SamplingSettings = typeof defaults;
