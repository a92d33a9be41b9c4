import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PolicyFailure, UsageError } from '../../core/errors.ts';
import type { ConnectionOptions } from '../../core/models/connection.ts';
import { NoNativeTools, type ModelClient } from '../../core/models/model-client.ts';
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
    await expect(asked).rejects.toThrow(PolicyFailure);
    await expect(asked).rejects.toThrow(/answered 503 \(overloaded\), 2 tries\. Start it/);
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
    await expect(ask(make(slow.url))).rejects.toThrow('asks to wait 9000 s, longer than the time-out');
  });

  test('an endpoint that is down', async () => {
    const server = await fakeServer(() => say(''));
    await server[Symbol.asyncDispose]();
    const client = make(server.url, { attempts: 2 });
    await expect(client.check(signal)).rejects.toThrow(UsageError);
    await expect(client.check(signal)).rejects.toThrow(/cannot be reached .*ECONNREFUSED.*Start it/);
    await expect(ask(client)).rejects.toThrow(PolicyFailure);
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
    await expect(checked).rejects.toThrow(/did not answer within 15 s\. Start it/);
  });

  test.each([
    ['a web page', '<html>Welcome</html>'],
    ['an empty body', ''],
    ['a number', '17\n'],
    ['JSON of another shape', '{"answer":[]}\n'],
    ['half a line', '{"message": {"role": "assist'],
    ['broken calls', '{"message":{"content":"","tool_calls":[null]},"choices":[{"message":5}]}\n'],
  ])('nonsense is the policy‘s failure: %s', async (_title, body) => {
    await using server = await fakeServer(() => ({ body }));
    const asked = ask(make(server.url));
    await expect(asked).rejects.toThrow(PolicyFailure);
    await expect(asked).rejects.toThrow(server.url);
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

  test('the cost ceiling stops further requests', async () => {
    await using server = await fakeServer(() => say('Costly.'));
    const client = make(server.url, { totalTokens: 1_500 });
    await ask(client);
    await ask(client);
    await expect(ask(client)).rejects.toThrow('The cost ceiling of 1500 tokens is reached (2010 used');
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
