import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { UsageError } from '../../core/errors.ts';
import openAiClient, { type OpenAiOptions } from '../../core/models/openai.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { completion, fakeServer, ollamaLines, type FakeRequest } from './fake-server.ts';
import { clientOptions, messages, sampling, signal, tools } from './request.ts';
import { tinyEpisode } from './tiny-world.ts';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
  vi.stubEnv('OPENAI_BASE_URL', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const call = (name: string, args: object | string, id?: string) => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
});
const add = { server: 'notes', tool: 'add_note', arguments: { text: 'blue' } };
const noteThenFinish = (number: number, more: object = {}) =>
  completion({
    tool_calls: [number === 1 ? call('call_tool', add) : call('finish', { answer: 'noted' })],
    ...more,
  });
const client = (url: string, more: Partial<OpenAiOptions> = {}) =>
  openAiClient({ model: 'tiny', baseUrl: url, ...clientOptions, ...more });
const refusal = (message: string) => ({ status: 400, body: { error: { message } } });
const turnOf = ({ body }: FakeRequest): number =>
  1 + body.messages.filter(({ role }: { role: string }) => role === 'assistant').length;
const played = async (url: string) => (await tinyEpisode(modelLoop({ client: client(url) }))).trajectory;
const solved = { kind: 'terminated', answer: 'noted' };

describe('an endpoint that wants to be asked otherwise', () => {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever was sent
  const cases: readonly (readonly [string, (body: any) => string | null])[] = [
    ['without tool_choice', ({ tool_choice: one }) => (one ? "'tool_choice' is not supported by this model" : null)],
    ['without an option that is a common word', ({ n }) => (n ? 'Unrecognized request argument supplied: n' : null)],
    [
      'with the system prompt in the first message',
      ({ messages: [first] }) => (first.role === 'system' ? 'System role not supported' : null),
    ],
    [
      'with null beside calls',
      ({ messages: all }) =>
        all.some((one: { content: string }) => one.content === '') ? 'messages.2.content: must be non-empty' : null,
    ],
    [
      'with its thinking back in every message',
      ({ messages: all }) =>
        all.some(
          (one: { tool_calls?: object; reasoning_content?: string }) =>
            one.tool_calls && one.reasoning_content === undefined,
        )
          ? 'The `reasoning_content` in the thinking mode must be passed back to the API.'
          : null,
    ],
  ];
  test.each(cases)('%s', async (_wish, wish) => {
    await using server = await fakeServer((request) => {
      const why = wish(request.body);
      return why === null ? { body: noteThenFinish(turnOf(request)) } : refusal(why);
    });
    expect((await played(server.url)).outcome).toEqual(solved);
  });

  test('without thinking: it stays here, and the record says what went back', async () => {
    await using server = await fakeServer((request) =>
      JSON.stringify(request.body.messages).includes('"reasoning":')
        ? refusal("'messages.2' : property 'reasoning' is unsupported")
        : { body: noteThenFinish(turnOf(request), { reasoning: 'Hm.' }) },
    );
    const policy = modelLoop({ client: client(server.url) });
    await tinyEpisode(policy);
    const { trajectory } = await tinyEpisode(policy);
    const [first] = trajectory.turns;
    expect(first?.text).toMatch(/^<think>\nHm\.\n<\/think>/);
    expect(first?.history, 'known by the second episode').toMatch(/^<tool_call>/);
  });

  test('with ids of its own, which came twice or not at all', async () => {
    await using server = await fakeServer((request) => ({
      body: completion({
        tool_calls:
          turnOf(request) === 1
            ? [call('call_tool', add, 'same'), call('call_tool', add, 'same'), call('call_tool', add)]
            : [call('finish', { answer: 'noted' }, 'same')],
      }),
    }));
    await played(server.url);
    const [, , { tool_calls: sent }, ...answers] = server.requests[1]?.body.messages ?? [];
    const ids = sent.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size, 'ids').toBe(3);
    expect(ids[0], 'its own').toBe('same');
    expect(answers.map(({ tool_call_id: id }: { tool_call_id: string }) => id)).toEqual(ids);
  });
});

describe('several calls in one reply', () => {
  const three = completion({
    tool_calls: [
      call('call_tool', add, 'a'),
      call('call_tool', '{"server": "no', 'b'),
      call('finish', { answer: 'noted' }, 'c'),
    ],
  });

  test('all are carried out in order; a broken one is told what is wrong with it', async () => {
    await using server = await fakeServer(() => ({ body: three }));
    const { turns, outcome } = await played(server.url);
    expect(outcome).toEqual(solved);
    expect(turns[0]?.calls.map(({ observation }) => observation.text)).toEqual([
      'Noted: "blue"',
      expect.stringContaining('arguments of call_tool are no JSON object but {"server": "no'),
      'Finished.',
    ]);
    expect(server.requests[0]?.body.parallel_tool_calls).toBe(true);
  });

  test('or the first alone, and the model is told which were not', async () => {
    await using server = await fakeServer((request) => ({ body: turnOf(request) === 1 ? three : noteThenFinish(2) }));
    const { trajectory } = await tinyEpisode(modelLoop({ client: client(server.url), isParallel: false }));
    expect(trajectory.outcome).toEqual(solved);
    expect(server.requests[0]?.body.parallel_tool_calls).toBe(false);
    const told = server.requests[1]?.body.messages.slice(3).map(({ content }: { content: string }) => content);
    expect(told).toEqual([
      'Noted: "blue"',
      expect.stringMatching(/not carried out/),
      expect.stringMatching(/not carried out/),
    ]);
  });

  test('a prefix before a name is not the model’s fault', async () => {
    await using server = await fakeServer(() => ({
      body: completion({ tool_calls: [call('functions.finish', { answer: 'noted' })] }),
    }));
    expect((await played(server.url)).outcome).toEqual(solved);
  });
});

const lostBy = async (answer: (number: number) => object) => {
  await using server = await fakeServer(
    (_request, number) => (number === 1 ? answer(1) : { body: noteThenFinish(2) }) as never,
  );
  const { turns } = await played(server.url);
  const sent = server.requests.at(-1)?.body.messages;
  return { lost: turns[0]?.lost, reason: turns[0]?.finishReason, text: turns[0]?.calls[0]?.observation.text, sent };
};

describe('a lost turn tells the model what was wrong with its reply', () => {
  test.each([
    ['no-call', 'a poem', { body: completion({ content: 'I am a poem.' }) }, /held no call/],
    [
      'unreadable-call',
      'a broken call',
      { body: completion({ content: '<tool_call>{"name": ' }) },
      /could not be read/,
    ],
    [
      'unparsed-by-server',
      'a fault',
      { status: 500, body: { error: "error parsing tool call: raw='{'" } },
      /could not be read \(error parsing/,
    ],
  ])('%s: %s', async (kind, _reply, answer, sentence) => {
    const { lost, text } = await lostBy(() => answer);
    expect([lost, text]).toEqual([kind, expect.stringMatching(sentence)]);
  });

  test.each([
    ['length', { ...completion({ content: '' }), choices: [{ message: { content: '' }, finish_reason: 'length' }] }],
    ['MAX_TOKENS', { choices: [{ message: { content: '<tool_call>{"name": "fin' }, finish_reason: 'MAX_TOKENS' }] }],
  ])('cut, recorded as the endpoint says it: %s', async (reason, body) => {
    const told = await lostBy(() => ({ body }));
    expect([told.lost, told.reason, told.text]).toEqual(['cut', reason, expect.stringMatching(/was cut/)]);
    expect(
      told.sent.every(({ content }: { content: string }) => content !== ''),
      'no empty message',
    ).toBe(true);
  });
});

const ending = async (reason: string) => {
  await using server = await fakeServer(() => ({
    body: { choices: [{ message: { content: 'I' }, finish_reason: reason }] },
  }));
  return (await played(server.url)).outcome;
};

test('a filter and a full context end the episode, which is scored', async () => {
  expect(await ending('content_filter')).toEqual({ kind: 'truncated', cause: 'refusal' });
  expect(await ending('model_context_window_exceeded')).toEqual({ kind: 'truncated', cause: 'endpoint-context' });
});

const ask = (url: string, more: Partial<OpenAiOptions>) => client(url, more).chat(messages, tools, sampling, signal);

describe('what a name says of its endpoint', () => {
  test('thinking, effort and further fields go into the request', async () => {
    await using server = await fakeServer(() => ({ body: completion({ content: 'Hi.' }) }));
    await ask(server.url, { thinking: 'off', effort: 'low', extra: { top_k: 20, chat_template_kwargs: { a: 1 } } });
    expect(server.requests[0]?.body).toMatchObject({
      top_k: 20,
      thinking: { type: 'disabled' },
      enable_thinking: false,
      reasoning_effort: 'low',
      chat_template_kwargs: { enable_thinking: false, a: 1 },
    });
  });

  test('an endpoint that takes no word for them is no place for the run', async () => {
    await using server = await fakeServer(({ body }) => {
      const known = ['thinking', 'enable_thinking', 'reasoning', 'reasoning_effort', 'chat_template_kwargs', 'foo'];
      const named = known.find((option) => option in body);
      return named
        ? refusal(`Unrecognized request argument supplied: ${named}`)
        : { body: completion({ content: 'Hi.' }) };
    });
    await expect(ask(server.url, { thinking: 'off' })).rejects.toThrow(/takes no word for thinking=off/);
    await expect(ask(server.url, { extra: { foo: 1 } })).rejects.toThrow(UsageError);
    await expect(ask(server.url, {})).resolves.toMatchObject({ text: 'Hi.' });
  });

  test('a key goes to the address that it is for alone', async () => {
    await using server = await fakeServer(() => ({ body: completion({ content: 'Hi.' }) }));
    vi.stubEnv('OTHER_KEY', 'sk-other');
    await ask(server.url, {});
    await ask(server.url, { keyEnv: 'OTHER_KEY' });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer sk-other']);
    await expect(ask(server.url, { keyEnv: 'NOBODY' })).rejects.toThrow(/Set NOBODY/);
    expect(() => client('http://user:secret@127.0.0.1/v1')).toThrow(/holds a key.*key-env/);
    expect(() => client('http://user:secret@127.0.0.1/v1')).not.toThrow(/secret/);
  });

  test.each([
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['/v1', '/v1/chat/completions'],
  ])('an address that ends in %s works', async (ending, path) => {
    await using server = await fakeServer(() => ({ body: completion({ content: 'Hi.' }) }));
    await ask(`${server.url}${ending}`, {});
    expect(server.requests[0]?.path).toBe(path);
  });

  test('one without /v1 is told so, and no address is none', async () => {
    await using server = await fakeServer(({ path }) =>
      path.startsWith('/v1/')
        ? { body: completion({ content: 'Hi.' }) }
        : { status: 404, body: { error: 'not found' } },
    );
    await expect(ask(server.url, {})).rejects.toThrow(
      `answered 404: not found. Asked: POST ${server.url}/chat/completions for the model "tiny". Is "/v1" missing? Set base-url to ${server.url}/v1.`,
    );
    expect(() => client('localhost:8080')).toThrow(/no address of an endpoint/);
  });

  test.each([['0.0.0.0:PORT'], [':PORT'], ['127.0.0.1:PORT'], ['http://0.0.0.0:PORT/'], ['http://127.0.0.1:PORT/v1']])(
    'Ollama at %s',
    async (form) => {
      await using server = await fakeServer(() => ({ body: ollamaLines({ content: 'Hi.' }) }));
      const host = form.replace('PORT', new URL(server.url).port);
      const model = ollamaClient({ model: 'tiny', host, thinking: 'off', extra: { top_k: 7 }, ...clientOptions });
      expect((await model.chat(messages, tools, sampling, signal)).text).toBe('Hi.');
      expect(server.requests[0]?.body).toMatchObject({ think: false, options: { top_k: 7 } });
    },
  );
});
