import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { EndpointContextExceeded, EndpointRefusal, PolicyFailure, UsageError } from '../../core/errors.ts';
import type { ConnectionOptions } from '../../core/models/connection.ts';
import { NoNativeTools, UnparsedCall, type ModelClient } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import openAiClient from '../../core/models/openai.ts';
import { completion, fakeServer, ollamaLines, type FakeAnswer } from './fake-server.ts';
import { ask, clientOptions, messages, sampling, signal, tools } from './request.ts';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Both clients pass the same cases; `say` is a good reply in their wire's words. */
const clients: readonly {
  readonly name: string;
  readonly make: (url: string, options?: Partial<ConnectionOptions>) => ModelClient;
  readonly say: (text: string) => FakeAnswer;
  readonly models: (...names: string[]) => FakeAnswer;
}[] = [
  {
    name: 'ollama',
    make: (url, options) => ollamaClient({ model: 'tiny', host: url, ...clientOptions, ...options }),
    say: (text) => ({ body: ollamaLines({ content: text }) }),
    models: (...names) => ({ body: { models: names.map((name) => ({ name })) } }),
  },
  {
    name: 'openai',
    make: (url, options) => openAiClient({ model: 'tiny', baseUrl: `${url}/v1`, ...clientOptions, ...options }),
    say: (text) => ({ body: completion({ content: text }) }),
    models: (...names) => ({ body: { data: names.map((id) => ({ id })) } }),
  },
];

const answering = (status: number, message: string) => fakeServer(() => ({ status, body: { error: { message } } }));

describe.each(clients)('$name', ({ make, say, models }) => {
  test('a reply comes with its usage', async () => {
    await using server = await fakeServer(() => say('Hello.'));
    expect(await ask(make(server.url))).toMatchObject({
      text: 'Hello.',
      calls: [],
      usage: { promptTokens: 1_000, outputTokens: 5 },
      finishReason: 'stop',
    });
  });

  test.each([429, 500, 503])('%i is tried again', async (status) => {
    await using server = await fakeServer((_request, number) =>
      number < 3 ? { status, body: { error: 'busy' } } : say('At last.'),
    );
    expect((await ask(make(server.url))).text).toBe('At last.');
    expect(server.requests.length, 'requests').toBe(3);
  });

  test('a server that stays busy is given up with a sentence', async () => {
    await using server = await fakeServer(() => ({ status: 503, body: { error: 'overloaded' } }));
    const asked = ask(make(server.url, { attempts: 2 }));
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/answered 503 \(overloaded\), 2 tries\. Asked: POST .*"tiny"\. Start it/);
    expect(server.requests.length, 'requests').toBe(2);
  });

  test('Retry-After is respected, and an unreasonable one refused', async () => {
    await using server = await fakeServer((_request, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '0.2' }, body: {} } : say('Yes.'),
    );
    const before = performance.now();
    await ask(make(server.url));
    expect(performance.now() - before, 'milliseconds').toBeGreaterThanOrEqual(195);
    await using slow = await fakeServer(() => ({ status: 429, headers: { 'retry-after': '9000' }, body: {} }));
    await expect(ask(make(slow.url))).rejects.toThrow(
      'asks to wait 9000 s, longer than the 120 s that are left for tries',
    );
  });

  test('an endpoint that is down', async () => {
    const server = await fakeServer(() => say(''));
    await server[Symbol.asyncDispose]();
    const client = make(server.url, { attempts: 2 });
    await expect(client.check(signal)).rejects.toThrow(UsageError);
    await expect(client.check(signal)).rejects.toThrow(/cannot be reached .*ECONNREFUSED.*Start it/);
    await expect(ask(client), 'ends a run').rejects.toThrow(UsageError);
  });

  test('an endpoint that is slow', async () => {
    await using server = await fakeServer(() => () => undefined);
    await expect(ask(make(server.url, { timeoutMilliseconds: 50 }))).rejects.toThrow('did not answer within 0.05 s');
    await using stalling = await fakeServer(() => (response) => void response.writeHead(200).write('{'));
    await expect(ask(make(stalling.url, { timeoutMilliseconds: 50 }))).rejects.toThrow('did not answer within 0.05 s');
  });

  test('an endpoint that does not list its models in time is not up', async () => {
    await using server = await fakeServer(() => () => undefined);
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.timeout(30));
    const checked = make(server.url).check(signal);
    await expect(checked).rejects.toThrow(UsageError);
    await expect(checked).rejects.toThrow(/did not answer within 15 s\. Asked: GET .*\. Start it/);
  });

  test.each([
    ['a web page', '<html>Welcome</html>'],
    ['an empty body', ''],
    ['a number', '17\n'],
    ['JSON of another shape', '{"answer":[]}\n'],
    ['half a line', '{"message": {"role": "assist'],
    ['broken calls', '{"message":{"content":"","tool_calls":[null]},"choices":[{"message":5}]}\n'],
  ])('nonsense is tried again, then ends a run: %s', async (_title, body) => {
    await using server = await fakeServer(() => ({ body }));
    const asked = ask(make(server.url));
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(server.url);
    expect(server.requests.length, 'tries, and one of the shortest request').toBe(6);
    await using mended = await fakeServer((_request, number) => (number < 4 ? { body } : say('Whole.')));
    expect((await ask(make(mended.url))).text).toBe('Whole.');
  });

  test.each([
    ['a router whose provider is busy', { error: { message: 'Provider returned error', code: 502 } }],
    ['an error in words', { error: 'the model is loading' }],
  ])('an error inside a 200 is tried again: %s', async (_title, body) => {
    await using server = await fakeServer((_request, number) =>
      number < 3 ? { body: `${JSON.stringify(body)}\n` } : say('There.'),
    );
    expect((await ask(make(server.url))).text).toBe('There.');
    expect(server.requests.length, 'requests').toBe(3);
  });

  test('a fault of one request alone voids its episode; of every request, it ends the run', async () => {
    await using choosy = await fakeServer(({ body }) =>
      body.tools ? { status: 500, body: { error: 'a bug in the template' } } : say('Hi.'),
    );
    await expect(ask(make(choosy.url))).rejects.toThrow(PolicyFailure);
    await using dead = await fakeServer(() => ({ status: 400, body: { error: 'out of memory' } }));
    await expect(ask(make(dead.url))).rejects.toThrow(UsageError);
    expect(dead.requests.length, 'a 400 is not tried again but by the shortest request').toBe(2);
  });

  test('all tries share one span of time', async () => {
    await using server = await fakeServer(() => ({ status: 503, headers: { 'retry-after': '0.05' }, body: {} }));
    await expect(ask(make(server.url, { attempts: 50, retryMilliseconds: 120 }))).rejects.toThrow(
      /answered 503 .*(\d tries|left for tries)/,
    );
    expect(server.requests.length, 'requests').toBeLessThan(5);
  });

  test('Retry-After may be a date', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    await using server = await fakeServer(() => ({ status: 429, headers: { 'retry-after': date }, body: {} }));
    await expect(ask(make(server.url))).rejects.toThrow(/asks to wait 3(599|600) s/);
  });

  test('its context, a filter and a call that it cannot read are the model’s, told at once', async () => {
    await using full = await answering(400, "This model's maximum context length is 2048 tokens.");
    await expect(ask(make(full.url))).rejects.toThrow(EndpointContextExceeded);
    await using strict = await answering(400, 'The response was filtered by the content management policy.');
    await expect(ask(make(strict.url))).rejects.toThrow(EndpointRefusal);
    await using puzzled = await answering(500, "error parsing tool call: raw='{', err=unexpected end of JSON input");
    await expect(ask(make(puzzled.url))).rejects.toThrow(UnparsedCall);
    expect([full, strict, puzzled].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
  });

  test('a preflight asks for one token, and says what to change', async () => {
    await using server = await fakeServer(() => say('H'));
    await make(server.url).preflight?.(sampling, signal);
    const { max_tokens: most = null, options = {}, tools: sent = null } = server.requests[0]?.body ?? {};
    expect([most ?? options.num_predict, sent]).toEqual([1, null]);
    await using absent = await fakeServer(() => ({ status: 404, body: { error: 'page not found' } }));
    await expect(make(absent.url).preflight?.(sampling, signal)).rejects.toThrow(UsageError);
  });

  test('a huge reply is stopped', async () => {
    await using server = await fakeServer(() => say('x'.repeat(50_000)));
    await expect(ask(make(server.url, { replyBytes: 10_000 }))).rejects.toThrow(/more than 10000 bytes/);
  });

  test('a connection that breaks off is tried again', async () => {
    await using server = await fakeServer((_request, number) =>
      number === 1 ? (response) => void response.writeHead(200).write('{"', () => response.destroy()) : say('Again.'),
    );
    expect((await ask(make(server.url))).text).toBe('Again.');
  });

  test('an unknown model is answered with the known ones', async () => {
    await using server = await fakeServer(({ path }) =>
      /chat/.test(path)
        ? { status: 404, body: { error: { message: 'model "tiny" not found' } } }
        : models('big', 'small'),
    );
    const client = make(server.url);
    await expect(client.check(signal)).rejects.toThrow(UsageError);
    await expect(ask(client)).rejects.toThrow(/has no model "tiny"\. Known: big, small/);
    await using other = await fakeServer(() => models('tiny'));
    await expect(make(other.url).check(signal)).resolves.toBeUndefined();
  });

  test('a model without tools says so', async () => {
    await using server = await fakeServer(() => ({
      status: 400,
      body: { error: 'registry/tiny does not support tools' },
    }));
    await expect(ask(make(server.url))).rejects.toThrow(NoNativeTools);
    expect(server.requests.length, 'requests').toBe(1);
  });

  test('a prompt longer than the context is refused before it is sent', async () => {
    await using server = await fakeServer(() => say('Never.'));
    const long = [{ role: 'user', content: 'word '.repeat(3_000) }] as const;
    await expect(make(server.url).chat(long, [], sampling, signal)).rejects.toThrow(
      /3\d\d\d tokens .*more than the 1984/,
    );
    expect(server.requests.length, 'requests').toBe(0);
  });

  test('a prompt that the server cut without a word is noticed', async () => {
    await using server = await fakeServer(() => say('I saw little.'));
    const long = [{ role: 'user', content: 'word '.repeat(3_000) }] as const;
    const wide = { ...sampling, contextTokens: 8_192 };
    await expect(make(server.url).chat(long, [], wide, signal)).rejects.toThrow(
      /read 1000 prompt tokens of about 30\d\d/,
    );
  });

  test('a template that shows tools by their names alone is no cut', async () => {
    await using server = await fakeServer(() => say('I saw the names.'));
    const [tool] = tools;
    if (!tool) throw new Error('no tool');
    const wordy = [{ ...tool, description: 'word '.repeat(3_000) }];
    const reply = await make(server.url).chat(messages, wordy, { ...sampling, contextTokens: 8_192 }, signal);
    expect(reply.text).toBe('I saw the names.');
  });

  test('the rate ceiling spaces requests', async () => {
    await using server = await fakeServer(() => say('Soon.'));
    const client = make(server.url, { requestsPerMinute: 600 });
    const before = performance.now();
    await Promise.all([ask(client), ask(client), ask(client)]);
    expect(performance.now() - before, 'milliseconds').toBeGreaterThanOrEqual(195);
  });

  test('an abort ends a request at once', async () => {
    await using server = await fakeServer(() => () => undefined);
    const controller = new AbortController();
    const asked = make(server.url).chat(messages, tools, sampling, controller.signal);
    setTimeout(() => controller.abort(new Error('interrupted')), 20);
    await expect(asked).rejects.toThrow('interrupted');
  });
});

test('a reply is waited for as long as the deadline says, and longer than Node’s own fetch would', async () => {
  const key = Symbol.for('undici.globalDispatcher.1');
  const place = globalThis as unknown as Record<symbol, { readonly constructor: new (waits: object) => never }>;
  void Headers.prototype;
  const usual = place[key];
  if (!usual) throw new Error('this Node keeps its dispatcher elsewhere');
  onTestFinished(() => {
    place[key] = usual;
  });
  // The five minutes of Node's own, made short.
  place[key] = new usual.constructor({ headersTimeout: 100, bodyTimeout: 100 });
  const late = 2_200;
  await using server = await fakeServer(({ path }) => (response) => {
    const begin = () => response.writeHead(200, { 'content-type': 'application/json' });
    if (path === '/api/chat') {
      // What fetch waits for then is the body.
      begin().flushHeaders();
      setTimeout(() => response.end(ollamaLines({ content: 'late' })), late);
    } else setTimeout(() => begin().end(JSON.stringify(completion({ content: 'late' }))), late);
  });
  const openAi = (more: object) => openAiClient({ model: 'tiny', baseUrl: server.url, ...clientOptions, ...more });
  const [plain, ...replies] = await Promise.allSettled([
    fetch(`${server.url}/v1/chat/completions`),
    ask(ollamaClient({ model: 'tiny', host: server.url, ...clientOptions })),
    ask(openAi({})),
    ask(openAi({ timeoutMilliseconds: 200 })),
  ]);
  expect(plain, 'of its own Node gives up').toMatchObject({
    status: 'rejected',
    reason: { cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } },
  });
  expect(replies).toMatchObject([
    { status: 'fulfilled', value: { text: 'late' } },
    { status: 'fulfilled', value: { text: 'late' } },
    { status: 'rejected', reason: { message: expect.stringMatching(/did not answer within 0.2 s/) } },
  ]);
}, 30_000);
