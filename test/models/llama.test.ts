import { expect, test } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { PolicyFailure, UsageError } from '../../core/errors.ts';
import { mostPlaces } from '../../core/models/llama-sequences.ts';
import llamaClient from '../../core/models/llama.ts';
import type { ChatMessage, Sampling } from '../../core/models/model-client.ts';
import { fakeModel, textOf, type FakeModel } from './fake-model.ts';
import { tinyEpisode } from './tiny-world.ts';

const { signal } = new AbortController();
const greedy: Sampling = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repeatPenalty: 1,
  seed: 7,
  outputTokens: 100,
  contextTokens: 8_192,
};

/** Writes tools, then `role:content` with calls as JSON; keeps every turn as it is. */
const template =
  '{{ bos_token }}{% if tools %}tools:{% for tool in tools %}{{ tool.function.name }} {% endfor %}<end>{% endif %}' +
  '{% for message in messages %}{{ message.role }}:{{ message.content }}' +
  '{% for call in message.tool_calls or [] %}CALL {{ call.function | tojson }}{% endfor %}<end>\n{% endfor %}' +
  '{% if add_generation_prompt %}assistant:{% endif %}';
const withoutTools = template.replace(/{% if tools %}.*?{% endif %}/, '');

const callText =
  '<tool_call>{"name":"call_tool","arguments":{"server":"notes","tool":"add_note","arguments":{"text":"blue"}}}</tool_call>';
const finishText = 'Done: {"name": "finish", "arguments": {"answer": "noted"}}';
/** Calls once, then finishes. */
const solve = (before: string) => `${before.includes('Noted') ? finishText : callText}<end>`;

const clientOf = (source: FakeModel, options: object = {}) => llamaClient({ path: 'tiny.gguf', source, ...options });
const episodeOf = (source: FakeModel, sampling: Partial<Sampling> = {}) =>
  tinyEpisode(modelLoop({ client: clientOf(source), sampling: { contextTokens: 8_192, ...sampling } }));

test('an episode is one growing sequence of ids, of which the record holds every one', async () => {
  const source = fakeModel(solve, { template });
  const { trajectory } = await episodeOf(source, { temperature: 1 });
  expect(trajectory.policy).toBe('llama:tiny.gguf');
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  expect(trajectory.turns.map(({ text }) => text)).toEqual([callText, finishText]);
  const captures = trajectory.turns.flatMap(({ capture }) => capture ?? []);
  expect(captures.map(({ output }) => textOf(output))).toEqual([`${callText}<end>`, `${finishText}<end>`]);
  const whole = textOf(captures.flatMap(({ prompt, output }) => [...prompt, ...output]));
  expect(whole).toMatch(/^<bos>tools:call_tool finish <end>system:/);
  expect(whole).toContain(`assistant:${callText}<end>\ntool:Noted: "blue"<end>\nassistant:${finishText}<end>`);
  const held = source.calls.filter(({ what }) => what !== 'open').at(-1);
  expect(`${held?.before}${held?.text}<end>`, 'what went through the model').toBe(whole);
  for (const { output, logProbabilities, sampling } of captures) {
    expect(logProbabilities).toEqual(output.map(() => -Math.round(Math.LN2 * 1e6) / 1e6));
    expect(sampling).toEqual({ temperature: 1, topP: 1, topK: 40, minP: 0, repeatPenalty: 1 });
  }
  const [first, second] = trajectory.turns;
  expect(second?.usage?.promptTokens).toBe(
    (first?.usage?.promptTokens ?? 0) + (first?.usage?.outputTokens ?? 0) + (second?.capture?.prompt.length ?? 0),
  );
});

test('a greedy turn records no log-probabilities, since nothing was left to chance', async () => {
  const { trajectory } = await episodeOf(fakeModel(solve, { template }));
  for (const { capture } of trajectory.turns) {
    expect(capture?.output.length).toBeGreaterThan(0);
    expect(capture?.logProbabilities).toEqual([]);
    expect(capture?.sampling.temperature).toBe(0);
  }
});

test('a template without tools gets them in the prompt; the calls are answered in the user’s name', async () => {
  const source = fakeModel(solve, { template: withoutTools });
  const { trajectory } = await episodeOf(source);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  const [first, second] = trajectory.turns;
  expect(textOf(first?.capture?.prompt ?? [])).toContain('"name": "call_tool"');
  expect(textOf(second?.capture?.prompt ?? [])).toBe(
    '\nuser:<tool_response>\nNoted: "blue"\n</tool_response><end>\nassistant:',
  );
});

test('a model without a template gets the transcript of the ledger, and ends its turns in letters', async () => {
  const source = fakeModel((before) => solve(before).replace('<end>', '<|im_end|>\nuser: and so on'));
  const { trajectory } = await episodeOf(source);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  const [first, second] = trajectory.turns;
  expect(textOf(first?.capture?.prompt ?? [])).toMatch(/^<bos><\|im_start\|>system\n[\s\S]*<tools>[\s\S]*assistant\n$/);
  expect(first?.text).toBe(callText);
  expect(textOf(first?.capture?.output ?? [])).toBe(`${callText}<|im_end|>`);
  expect(textOf(second?.capture?.prompt ?? [])).toBe(
    '\n<|im_start|>user\n<tool_response>\nNoted: "blue"\n</tool_response><|im_end|>\n<|im_start|>assistant\n',
  );
});

test('a reply cut by its bound is closed by us, outside of what the model wrote', async () => {
  const source = fakeModel(() => 'blah '.repeat(100), { template });
  const { trajectory } = await episodeOf(source, { outputTokens: 10 });
  const [first, second] = trajectory.turns;
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause: 'turns' });
  expect(textOf(first?.capture?.output ?? [])).toBe('blah blah ');
  expect(textOf(second?.capture?.prompt ?? [])).toMatch(/^<end>\nuser:<tool_response>/);
});

test('a prompt that does not fit beside its reply is refused before the model sees it', async () => {
  const source = fakeModel(solve, { template, contextTokens: 900 });
  const { trajectory } = await episodeOf(source, { outputTokens: 700 });
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause: 'endpoint-context' });
  expect(source.calls).toEqual([]);
});

const system: ChatMessage = { role: 'system', content: 'S'.repeat(600) };
const opening = (task: string): ChatMessage[] => [system, { role: 'user', content: `Task ${task}` }];

/** Conversations of two turns, all first turns before all second ones. */
async function interleaved(source: FakeModel, count: number) {
  const client = clientOf(source);
  const names = Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));
  const talks = names.map((name) => ({ chat: client.converse?.() ?? client.chat, messages: opening(name) }));
  const evaluated: (number | undefined)[][] = [];
  const captures: unknown[][] = talks.map(() => []);
  for (const turn of [0, 1]) {
    const replies = await Promise.all(talks.map(({ chat, messages }) => chat(messages, [], greedy, signal)));
    evaluated.push(replies.map(({ evaluatedTokens }) => evaluatedTokens));
    for (const [index, { text, capture }] of replies.entries()) {
      captures[index]?.push(capture);
      talks[index]?.messages.push({ role: 'assistant', content: text }, { role: 'user', content: `More ${turn}` });
    }
  }
  return { evaluated, captures };
}

const batchesOf = ({ calls }: FakeModel) => new Set(calls.map(({ text, before }) => `${before}|${text}`));
const echo = (before: string) => `${before.slice(-30).replaceAll(/[\n<>:]/g, '')}<end>`;

test('a turn costs its new tokens, and a conversation that lost its place goes through again in the same batches', async () => {
  const few = fakeModel(echo, { template });
  const alone = await interleaved(few, mostPlaces);
  for (const tokens of alone.evaluated[0] ?? []) expect(tokens).toBeGreaterThan(600);
  for (const tokens of alone.evaluated[1] ?? []) expect(tokens).toBeLessThan(80);

  const many = fakeModel(echo, { template });
  const crowded = await interleaved(many, mostPlaces + 1);
  expect(crowded.captures.slice(0, mostPlaces)).toEqual(alone.captures);
  expect(Math.max(...(crowded.evaluated[1] ?? []).map(Number)), 'again, but for the shared beginning').toBeGreaterThan(
    80,
  );
  expect(Math.max(...(crowded.evaluated[1] ?? []).map(Number))).toBeLessThan(200);
  // what is held is always the same batches in the same order, whoever held the place before
  expect([...batchesOf(few).difference(batchesOf(many))]).toEqual([]);
});

test('the next episode evaluates only what its task adds to the beginning that all share', async () => {
  const source = fakeModel(echo, { template });
  const client = clientOf(source);
  const evaluated: (number | undefined)[] = [];
  for (let index = 0; index <= mostPlaces; index++) {
    const reply = await client.chat(opening(String(index)), [], greedy, signal);
    evaluated.push(reply.evaluatedTokens);
    expect(textOf(reply.capture?.prompt ?? [])).toContain(`user:Task ${index}<end>`);
  }
  expect(evaluated[0]).toBeGreaterThan(600);
  expect(evaluated.at(-1)).toBeLessThan(80);
});

test('a place grows with its conversation and is never asked for more than the model has', async () => {
  const source = fakeModel(() => 'ok<end>', { template, contextTokens: 6_000 });
  const chat = clientOf(source).converse?.();
  const messages: ChatMessage[] = opening('long');
  for (let turn = 0; turn < 3; turn++) {
    await chat?.(messages, [], greedy, signal);
    messages.push({ role: 'assistant', content: 'ok' }, { role: 'user', content: 'x'.repeat(1_800) });
  }
  expect(source.calls.filter(({ what }) => what === 'open').map(({ text }) => text)).toEqual(['4096', '6000']);
  expect(source.calls.filter(({ what }) => what === 'close').length).toBe(1);
  await expect(chat?.(messages, [], greedy, signal)).rejects.toThrow(/of 6000 leaves/);
});

test('an abort, a deadline and a broken engine end the reply, and the next one starts clean', async () => {
  const controller = new AbortController();
  let written = 0;
  const source = fakeModel(
    (before) => {
      if (before.includes('Task abort')) controller.abort(new Error('interrupted'));
      if (before.includes('Task break')) throw new Error('no memory');
      if (before.includes('Task late')) return 'on and '.repeat(1_000);
      written += 1;
      return 'ok<end>';
    },
    { template },
  );
  const client = clientOf(source);
  await expect(client.chat(opening('abort'), [], greedy, controller.signal)).rejects.toThrow('interrupted');
  await expect(client.chat(opening('break'), [], greedy, signal)).rejects.toThrow(PolicyFailure);
  await expect(client.chat(opening('break'), [], greedy, signal)).rejects.toThrow('The local model failed: no memory');
  const hasty = clientOf(source, { timeoutMilliseconds: 10 });
  const late = hasty.chat(opening('late'), [], { ...greedy, outputTokens: 7_000 }, signal);
  await expect(late).rejects.toThrow(/had written \d+ tokens after 0.01 s and was stopped/);
  expect((await client.chat(opening('well'), [], greedy, signal)).text).toBe('ok');
  expect(written).toBeGreaterThan(0);
  const opened = source.calls.filter(({ what }) => what === 'open').length;
  expect(opened - source.calls.filter(({ what }) => what === 'close').length, 'places left').toBe(1);
});

test('every sampling option reaches the model, and the ceiling of tokens holds', async () => {
  const source = fakeModel(echo, { template });
  const sampling: Sampling = {
    ...greedy,
    temperature: 0.7,
    topP: 0.9,
    topK: 5,
    minP: 0.1,
    repeatPenalty: 1.2,
    seed: 3,
  };
  const client = clientOf(source);
  const { capture, finishReason } = await client.chat(opening('one'), [], sampling, signal);
  expect(source.samplings).toEqual([sampling]);
  expect(capture?.sampling).toEqual({ temperature: 0.7, topP: 0.9, topK: 5, minP: 0.1, repeatPenalty: 1.2 });
  expect(finishReason).toBe('stop');
});

test('a template that cannot be read is the user’s to mend', async () => {
  const source = fakeModel(echo, { template: '{% for %}' });
  await expect(clientOf(source).chat(opening('one'), [], greedy, signal)).rejects.toThrow(UsageError);
  const noEnd = fakeModel(echo, { template: '{% for one in messages %}{{ one.content }}\n{% endfor %}' });
  const chat = clientOf(noEnd).converse?.();
  await chat?.(opening('one'), [], greedy, signal);
  const more: ChatMessage[] = [...opening('one'), { role: 'assistant', content: 'a' }, { role: 'user', content: 'b' }];
  await expect(chat?.(more, [], greedy, signal)).rejects.toThrow(/ends the assistant's turn with none of "<end>"/);
});
