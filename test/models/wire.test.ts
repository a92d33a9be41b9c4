import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import ollamaClient from '../../core/models/ollama.ts';
import openAiClient from '../../core/models/openai.ts';
import { completion, fakeServer, ollamaLines } from './fake-server.ts';
import { clientOptions, messages, sampling, signal, tools } from './request.ts';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const picture = { kind: 'image', mimeType: 'image/png', data: 'AAAA' } as const;
const tone = { kind: 'audio', mimeType: 'audio/ogg', data: 'BBBB' } as const;

test('ollama gets every sampling option, the tools, and calls in its words', async () => {
  const call = { function: { name: 'finish', arguments: { answer: 'x' } } };
  await using server = await fakeServer(() => ({ body: ollamaLines({ tool_calls: [call], thinking: 'Hm.' }) }));
  const client = ollamaClient({ model: 'tiny', host: server.url, ...clientOptions });
  const reply = await client.chat(messages, tools, { ...sampling, isThinking: true }, signal);
  expect(reply.calls).toMatchObject([{ name: 'finish', arguments: { answer: 'x' } }]);
  expect(reply.reasoning).toBe('Hm.');
  const [first] = reply.calls;
  if (!first) throw new Error('no call');
  await client.chat(
    [
      ...messages,
      { role: 'assistant', content: '', calls: [first] },
      { role: 'tool', content: 'Ended.', answers: first, media: [picture, tone] },
    ],
    tools,
    sampling,
    signal,
  );
  expect(server.requests[0]?.body.think).toBe(true);
  expect(server.requests[1]?.body).toEqual({
    model: 'tiny',
    stream: true,
    messages: [
      ...messages,
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: 'Ended.', tool_name: 'finish', images: [picture.data] },
    ],
    tools: [
      { type: 'function', function: { name: 'finish', description: 'Ends.', parameters: tools[0]?.inputSchema } },
    ],
    options: {
      num_ctx: 2_048,
      num_predict: 64,
      seed: 42,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 30,
      min_p: 0.01,
      typical_p: 1,
      repeat_penalty: 1.1,
      repeat_last_n: 64,
      presence_penalty: 0,
      frequency_penalty: 0,
      mirostat: 0,
      num_keep: 4,
      num_thread: 2,
    },
  });
});

test('openai gets every sampling option, the key from the environment, and calls in its words', async () => {
  const call = { id: 'call_9', type: 'function', function: { name: 'finish', arguments: '{"answer":"x"}' } };
  await using server = await fakeServer(() => ({ body: completion({ tool_calls: [call] }) }));
  vi.stubEnv('OPENAI_BASE_URL', server.url);
  const client = openAiClient({ model: 'tiny', ...clientOptions });
  const { calls } = await client.chat(messages, tools, sampling, signal);
  expect(calls).toEqual([{ id: 'call_9', name: 'finish', arguments: { answer: 'x' }, source: '{"answer":"x"}' }]);
  const [first] = calls;
  if (!first) throw new Error('no call');
  await client.chat(
    [
      ...messages,
      { role: 'assistant', content: '', calls: [first] },
      { role: 'tool', content: 'Ended.', answers: first },
    ],
    tools,
    sampling,
    signal,
  );
  expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-test');
  expect(server.requests[1]?.body).toMatchObject({
    model: 'tiny',
    stream: false,
    n: 1,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 30,
    min_p: 0.01,
    repetition_penalty: 1.1,
    seed: 42,
    max_tokens: 64,
    tool_choice: 'auto',
    parallel_tool_calls: true,
    messages: [
      ...messages,
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: 'Ended.', tool_call_id: 'call_9' },
    ],
  });
});

test('an option that an OpenAI-compatible server refuses by name is left out from then on; a bound always stays', async () => {
  await using server = await fakeServer(({ body }) => {
    const bad = ['top_k', 'min_p', 'max_tokens'].find((option) => option in body);
    if (bad === undefined) return { body: completion({ content: 'Fine.' }) };
    const message = `Unsupported parameter: '${bad}'. Use 'max_completion_tokens' or nothing.`;
    return { status: 400, body: { error: { message } } };
  });
  const client = openAiClient({ model: 'tiny', baseUrl: server.url, ...clientOptions });
  expect((await client.chat(messages, [], sampling, signal)).text).toBe('Fine.');
  expect(server.requests.length, 'requests at first').toBe(4);
  await client.chat(messages, [], sampling, signal);
  expect(server.requests.length, 'requests then').toBe(5);
  expect(server.requests[4]?.body.max_completion_tokens).toBe(64);
  await using stubborn = await fakeServer(({ body }) => {
    const bad = Object.keys(body).find((option) => option.startsWith('max_'));
    return { status: 400, body: { error: { message: `Unsupported: ${bad}` } } };
  });
  const other = openAiClient({ model: 'tiny', baseUrl: stubborn.url, ...clientOptions });
  await expect(other.chat(messages, [], sampling, signal)).rejects.toThrow(UsageError);
});

test('keys: none given, none accepted, none shown', async () => {
  await using server = await fakeServer(() => ({ status: 401, body: { error: { message: 'no such key' } } }));
  vi.stubEnv('OPENAI_BASE_URL', server.url);
  const client = openAiClient({ model: 'tiny', ...clientOptions });
  await expect(client.check(signal)).rejects.toThrow(
    /refuses the key \(401: no such key\)\. Asked: GET .*models\. Set OPENAI_API_KEY/,
  );
  await expect(client.chat(messages, [], sampling, signal)).rejects.toThrow(UsageError);
  await expect(client.chat(messages, [], sampling, signal)).rejects.not.toThrow('sk-test');
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('OPENAI_BASE_URL', '');
  await expect(openAiClient({ model: 'tiny', ...clientOptions }).check(signal)).rejects.toThrow(
    /wants a key\. Set OPENAI_API_KEY/,
  );
});
