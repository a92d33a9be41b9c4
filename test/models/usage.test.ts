import { describe, expect, test } from 'vitest';
import type { ChatMessage, ModelClient } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import openAiClient from '../../core/models/openai.ts';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { completion, fakeServer, ollamaLines } from './fake-server.ts';
import { clientOptions, sampling, signal } from './request.ts';
import { plainTemplate, tokenizerFolder } from './small-tokenizer.ts';

const openAi = (url: string, more = {}) =>
  openAiClient({ model: 'tiny', baseUrl: `${url}/v1`, ...clientOptions, ...more });
const ollama = (url: string, more = {}) => ollamaClient({ model: 'tiny', host: url, ...clientOptions, ...more });

/** A server that reports these prompt tokens, request by request. */
const reporting = (...reported: readonly number[]) =>
  fakeServer(({ path }, number) => {
    const tokens = reported[number - 1];
    return path.endsWith('/api/chat')
      ? { body: ollamaLines({ content: 'Well.' }, { prompt_eval_count: tokens }) }
      : { body: { ...completion({ content: 'Well.' }), usage: { prompt_tokens: tokens, completion_tokens: 5 } } };
  });

const wide = { ...sampling, contextTokens: 100_000 };
const first: readonly ChatMessage[] = [
  { role: 'system', content: 'You act.' },
  { role: 'user', content: 'word '.repeat(1_000) },
];
const more = (words: number): readonly ChatMessage[] => [
  { role: 'assistant', content: 'Well.' },
  { role: 'user', content: 'more '.repeat(words) },
];

test('what OpenAI’s route says of caches and thinking is kept', async () => {
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 900 },
    completion_tokens_details: { reasoning_tokens: 40 },
  };
  await using server = await fakeServer(() => ({ body: { ...completion({ content: 'Well.' }), usage } }));
  const reply = await openAi(server.url).chat(first, [], wide, signal);
  expect(reply.usage).toEqual({ promptTokens: 1_000, outputTokens: 50, cachedTokens: 900, reasoningTokens: 40 });
});

/** Usages of a conversation of three turns. */
const talk = async (client: ModelClient) => {
  const chat = client.converse?.() ?? client.chat;
  const usages = [(await chat(first, [], wide, signal)).usage];
  const second = [...first, ...more(40)];
  usages.push((await chat(second, [], wide, signal)).usage);
  usages.push((await chat([...second, ...more(60)], [], wide, signal)).usage);
  return usages;
};

describe.each([
  ['openai', openAi],
  ['ollama', ollama],
] as const)('%s', (_, make: (url: string, more?: object) => ModelClient) => {
  test('counts of what is new alone void nothing, and are marked', async () => {
    await using server = await reporting(1_020, 60, 80);
    expect((await talk(make(server.url))).map(({ unclear }) => unclear)).toEqual([undefined, 'partial', 'partial']);
  });

  test('whole counts are not marked', async () => {
    await using server = await reporting(1_020, 1_070, 1_140);
    expect((await talk(make(server.url))).every((usage) => !('unclear' in usage))).toBe(true);
  });

  test('a count that stands at its ceiling is a cut prompt', async () => {
    await using server = await reporting(1_020, 520, 520);
    await expect(talk(make(server.url))).rejects.toThrow(/read 520 prompt tokens of about 1070: it dropped a part/);
  });

  test('prompts are bounded by the tokens of the model, where they are known', async () => {
    const counter = openTokenCounter(tokenizerFolder({ template: plainTemplate }));
    await using server = await reporting(2_000, 2_000);
    const narrow = { ...sampling, contextTokens: 3_000 };
    await expect(make(server.url).chat(first, [], narrow, signal)).resolves.toBeDefined();
    await expect(make(server.url, { counter }).chat(first, [], narrow, signal)).rejects.toThrow(
      /The prompt has 50\d\d tokens \(by .*toolstone-tokenizer-.*\), more than the 2936/,
    );
  });
});

test('thinking counts against the context where it is sent back, and not elsewhere', async () => {
  const thought: ChatMessage = { role: 'assistant', content: 'Well.', reasoning: 'hm '.repeat(3_000) };
  const messages = [...first, thought, { role: 'user', content: 'Go on.' } as const];
  await using server = await reporting(1_100);
  const narrow = { ...sampling, contextTokens: 2_048 };
  const { usage } = await openAi(server.url).chat(messages, [], narrow, signal);
  expect(JSON.stringify(server.requests[0]?.body)).not.toContain('hm hm');
  expect(usage.unclear).toBeUndefined();
  await expect(ollama(server.url).chat(messages, [], narrow, signal)).rejects.toThrow(/more than the 1984/);
});
