import type { ModelClient, Sampling } from '../../core/models/model-client.ts';

/** One request, the same in all tests of clients. */
export const signal = new AbortController().signal;
export const sampling: Sampling = {
  temperature: 0.5,
  topP: 0.9,
  topK: 30,
  minP: 0.01,
  repeatPenalty: 1.1,
  seed: 42,
  outputTokens: 64,
  contextTokens: 2_048,
  threads: 2,
};
export const messages = [
  { role: 'system', content: 'You act.' },
  { role: 'user', content: 'Do it.' },
] as const;
export const tools = [{ name: 'finish', description: 'Ends.', inputSchema: { type: 'object', properties: {} } }];
export const clientOptions = { seed: 1, backoffMilliseconds: 1 };

export const ask = (client: ModelClient) => client.chat(messages, tools, sampling, signal);
