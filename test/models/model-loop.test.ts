import { expect, test } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { defaultSampling } from '../../baselines/model-loop/sampling.ts';
import ollamaClient from '../../core/models/ollama.ts';
import openAiClient from '../../core/models/openai.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Policy } from '../../core/types.ts';
import { slowIds } from '../tokens/slow-tokenizer.ts';
import { completion, fakeServer, ollamaLines, type FakeAnswer } from './fake-server.ts';
import { clientOptions } from './request.ts';
import { tinyEpisode, tinyTask } from './tiny-world.ts';

const addNote = { name: 'call_tool', arguments: { server: 'notes', tool: 'add_note', arguments: { text: 'blue' } } };
const finish = { name: 'finish', arguments: { answer: 'noted' } };
const native = (call: typeof addNote | typeof finish): FakeAnswer => ({
  body: ollamaLines({ tool_calls: [{ function: call }] }),
});
const loopOver = (url: string) => modelLoop({ client: ollamaClient({ model: 'tiny', host: url, ...clientOptions }) });

test('native calls act, and the record holds them with both token counts', async () => {
  await using server = await fakeServer((_request, number) => native(number === 1 ? addNote : finish));
  const { trajectory } = await tinyEpisode(loopOver(server.url));
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  expect(callsOf(trajectory).map(({ action }) => action)).toEqual([addNote, finish]);
  const [first] = trajectory.turns;
  expect(first?.calls[0]?.observation.text).toBe('Noted: "blue"');
  expect(first?.usage).toEqual({ promptTokens: 1_000, outputTokens: 5 });
  expect(first?.tokens.output, 'output by our count').toBe(slowIds(`${first?.text}<|im_end|>`).length);
  const { messages, tools, options } = server.requests[1]?.body ?? {};
  expect(tools.length, 'meta-tools').toBe(2);
  expect(options.num_ctx, 'context').toBe(defaultSampling.contextTokens);
  expect(messages.slice(2)).toEqual([
    { role: 'assistant', content: '', tool_calls: [{ function: addNote }] },
    { role: 'tool', content: 'Noted: "blue"', tool_name: 'call_tool' },
  ]);
});

test('a model without tools gets them in its prompt, from then on in every episode', async () => {
  await using server = await fakeServer(({ body }, number) => {
    if (body.tools) return { status: 400, body: { error: 'tiny does not support tools' } };
    const call = number === 2 ? addNote : finish;
    return { body: ollamaLines({ content: `I call:\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>` }) };
  });
  const policy = loopOver(server.url);
  const { trajectory } = await tinyEpisode(policy);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  expect(callsOf(trajectory).map(({ action }) => action)).toEqual([addNote, finish]);
  const { messages } = server.requests[2]?.body ?? {};
  expect(messages[0].content).toContain('"name": "call_tool"');
  expect(messages[0].content, 'no placeholder left').not.toContain('{{');
  expect(messages.at(-2)).toEqual({ role: 'assistant', content: trajectory.turns[0]?.text });
  expect(messages.at(-1)).toEqual({ role: 'user', content: '<tool_response>\nNoted: "blue"\n</tool_response>' });
  const before = server.requests.length;
  await tinyEpisode(policy);
  expect(server.requests[before]?.body.tools, 'asks natively no more').toBeUndefined();
});

test('junk is recorded turn by turn until the turns are spent', async () => {
  const junk = ['I am a poem.', '{"name": 5}', '<tool_call>{"name":"rm","arguments":{}}</tool_call>', ''];
  await using server = await fakeServer((_request, number) => ({
    body: ollamaLines({ content: junk[number - 1] ?? '' }),
  }));
  const { trajectory } = await tinyEpisode(loopOver(server.url));
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause: 'turns' });
  expect(trajectory.turns.map((turn) => turn.text)).toEqual(junk);
  expect(callsOf(trajectory).map(({ action }) => action.name)).toEqual(['unparsed', 'unparsed', 'rm', 'unparsed']);
  expect(callsOf(trajectory).every(({ event }) => event.kind === 'refused')).toBe(true);
});

test('broken native arguments are junk too, and stay out of the history as calls', async () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'call_tool', arguments: '{"server": "notes"' } };
  await using server = await fakeServer((_request, number) => ({
    body: completion(number === 1 ? { tool_calls: [call] } : { content: JSON.stringify(finish) }),
  }));
  const client = openAiClient({ model: 'tiny', baseUrl: server.url, ...clientOptions });
  const { trajectory } = await tinyEpisode(modelLoop({ client }));
  expect(callsOf(trajectory).map(({ action }) => action.name)).toEqual(['unparsed', 'finish']);
  const text = '<tool_call>\n{"name": "call_tool", "arguments": {"server": "notes"}\n</tool_call>';
  expect(trajectory.turns[0]?.text).toBe(text);
  expect(server.requests[1]?.body.messages[2]).toEqual({ role: 'assistant', content: text });
});

test('thinking is recorded, counted and given back', async () => {
  await using server = await fakeServer((_request, number) => ({
    body: ollamaLines({ thinking: 'Blue, then.', tool_calls: [{ function: number === 1 ? addNote : finish }] }),
  }));
  const { trajectory } = await tinyEpisode(loopOver(server.url));
  expect(trajectory.turns[0]?.text).toMatch(/^<think>\nBlue, then\.\n<\/think>\n\n<tool_call>/);
  expect(server.requests[1]?.body.messages[2].thinking).toBe('Blue, then.');
});

test('an endpoint that answers nothing of use ends the run', async () => {
  await using server = await fakeServer(() => ({ body: 'Bad gateway' }));
  await expect(tinyEpisode(loopOver(server.url))).rejects.toThrow(/other than a chat chunk: "Bad gateway"/);
});

test('a reply far beyond its bound is cut there', async () => {
  await using server = await fakeServer(() => ({ body: ollamaLines({ content: 'x'.repeat(200_000) }) }));
  const { trajectory } = await tinyEpisode(loopOver(server.url), { contextTokens: 200_000, resultTokens: 1_000 });
  const [first] = trajectory.turns;
  expect([first?.lost, first?.finishReason, first?.text?.length]).toEqual(['cut', 'length', 128 * 1_024]);
});

test('each turn has its own sampling seed, the same in every repetition', async () => {
  await using server = await fakeServer(() => ({ body: ollamaLines({ content: 'Hm.' }) }));
  await tinyEpisode(loopOver(server.url));
  await tinyEpisode(loopOver(server.url));
  const seeds = server.requests.map(({ body }) => body.options.seed as number);
  expect(seeds.slice(0, 4)).toEqual(seeds.slice(4));
  expect(new Set(seeds).size, 'distinct seeds').toBe(4);
  expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
});

const twoMessages = {
  ...tinyTask,
  messages: ['Note the word blue.', 'And the word red.'].map((text) => ({ text, plannedCalls: 0, answer: '' })),
};
const usual = { contextTokens: 4_000, resultTokens: 1_000 };
const converse = (policy: Policy) => tinyEpisode(policy, usual, new AbortController().signal, twoMessages);

test('a finish that is not the last one is answered, and the user’s next message follows it', async () => {
  await using server = await fakeServer(() => native(finish));
  const { trajectory } = await converse(loopOver(server.url));
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  expect(trajectory.turns.map(({ user }) => user)).toEqual(['And the word red.', undefined]);
  expect(server.requests[1]?.body.messages.slice(2)).toEqual([
    { role: 'assistant', content: '', tool_calls: [{ function: finish }] },
    { role: 'tool', content: 'Finished.', tool_name: 'finish' },
    { role: 'user', content: 'And the word red.' },
  ]);
});

test('where results go back as text the next message shares theirs, so that roles alternate', async () => {
  await using server = await fakeServer(({ body }) => {
    if (body.tools) return { status: 400, body: { error: 'tiny does not support tools' } };
    return { body: ollamaLines({ content: `<tool_call>\n${JSON.stringify(finish)}\n</tool_call>` }) };
  });
  const { trajectory } = await converse(loopOver(server.url));
  expect(trajectory.turns.map(({ user }) => user)).toEqual(['And the word red.', undefined]);
  expect(server.requests.at(-1)?.body.messages.at(-1)).toEqual({
    role: 'user',
    content: '<tool_response>\nFinished.\n</tool_response>\n\nAnd the word red.',
  });
});
