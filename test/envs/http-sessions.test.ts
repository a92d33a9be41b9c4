import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import { connectHttp } from '../../envs/processes/http-connection.ts';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly protocolVersion?: string;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

interface Reply {
  readonly status?: number;
  readonly result?: unknown;
  readonly error?: object;
  /** Messages that go before, in a stream of events. */
  readonly before?: readonly object[];
  /** A stream of events that stays open, into which messages may be put later. */
  readonly stays?: (push: (message: object) => void) => void;
  /** The connection is cut. */
  readonly cut?: true;
  readonly headers?: Record<string, string>;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const text = (words: string) => ({ result: { content: [{ type: 'text', text: words }] } });
const tools = [
  { name: 'look', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'write', inputSchema: { type: 'object' } },
];
const greeting = {
  result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } },
};

const usual = ({ method }: Message): Reply => {
  if (method === 'initialize') return greeting;
  return method === 'tools/list' ? { result: { tools } } : text('done');
};

/** A server that answers calls by a script, the rest as usual; `asked` are the methods and calls that reached it. */
async function far(script: (message: Message, request: IncomingMessage) => Reply | undefined) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const message = JSON.parse(body) as Message;
      if (message.id === undefined) return response.writeHead(202).end();
      asked.push(message.params?.name ?? message.method);
      return send(response, message, script(message, request) ?? usual(message));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = await connectHttp({
    server: 'far',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    headers: {},
    startDeadlineMilliseconds: 20_000,
    callDeadlineMilliseconds: 20_000,
    callCeilingMilliseconds: 20_000,
  });
  asked.splice(0);
  return { ...connection, asked };
}

function send(
  response: ServerResponse,
  { id }: Message,
  { status = 200, before, cut, headers, stays, ...body }: Reply,
) {
  if (cut) return response.destroy();
  if (stays) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    return stays((one) => response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...one })}\n\n`));
  }
  const message = JSON.stringify({ jsonrpc: '2.0', id, ...body });
  if (!before) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    return response.end(message);
  }
  response.writeHead(status, { 'content-type': 'text/event-stream' });
  for (const one of before) response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...one })}\n\n`);
  return response.end(`data: ${message}\n\n`);
}

describe('a session over HTTP', () => {
  test.each<[string, Reply]>([
    ['404', { status: 404, error: { code: -32_001, message: 'Session not found' } }],
    ['400 with words', { status: 400, error: { code: -32_000, message: 'Bad Request: No valid session ID provided' } }],
  ])('that has ended (%s) is begun anew, the call made again, and the policy told', async (_, ended) => {
    let calls = 0;
    const { call, asked, close } = await far(({ params }) => (params?.name && ++calls === 1 ? ended : undefined));
    expect(await call('write', '{}')).toEqual({
      text: 'done',
      isError: false,
      notice: expect.stringMatching(/session with server far had ended/),
    });
    expect(asked).toEqual(['write', 'initialize', 'write']);
    await close();
  });

  test('that is cut off during a call makes it again where the tool only reads, and nowhere else', async () => {
    let calls = 0;
    const { call, asked, close } = await far(({ params }) =>
      params?.name && ++calls !== 2 ? { cut: true } : undefined,
    );
    expect((await call('look', '{}')).text).toBe('done');
    expect(asked.splice(0)).toEqual(['look', 'look']);
    await expect(call('write', '{}')).rejects.toThrow(WorldFailure);
    expect(asked).toEqual(['write']);
    await close();
  });

  test('takes an answer as a stream of events, tools that change with it', async () => {
    const fresh = [...tools, { name: 'fresh', inputSchema: {} }];
    const changed = { ...text('done'), before: [{ method: 'notifications/tools/list_changed' }] };
    let isChanged = false;
    const { call, close } = await far(({ method }) => {
      isChanged ||= method === 'tools/call';
      if (method === 'tools/call') return changed;
      return method === 'tools/list' && isChanged ? { result: { tools: fresh } } : undefined;
    });
    const result = await call('write', '{}');
    expect(result.text).toBe('done');
    expect(result.tools?.map(({ name }) => name)).toEqual(['look', 'write', 'fresh']);
    await close();
  });

  test.each([LATEST_PROTOCOL_VERSION, '2025-06-18', '2024-11-05'])(
    'begins with the newest revision of sessions, and goes on with the newest that the server knows: %s',
    async (known) => {
      const said = new Set<unknown>();
      const { call, close } = await far(({ method, params }, { headers }) => {
        said.add(params?.protocolVersion ?? headers['mcp-protocol-version']);
        return method === 'initialize' ? { result: { ...greeting.result, protocolVersion: known } } : undefined;
      });
      await call('write', '{}');
      expect([...said]).toEqual([...new Set([LATEST_PROTOCOL_VERSION, known])]);
      await close();
    },
  );

  test('is not begun in a revision that nobody here knows', async () => {
    const strange = { result: { ...greeting.result, protocolVersion: '2031-01-01' } };
    await expect(far(({ method }) => (method === 'initialize' ? strange : undefined))).rejects.toThrow(/2031-01-01/);
  });

  test('shows the data of an error', async () => {
    const error = { code: -32_602, message: 'Invalid', data: { hint: 'x' } };
    const { call, close } = await far(({ params }) => (params?.name ? { error } : undefined));
    expect(await call('write', '{}')).toEqual({ text: 'Invalid (error -32602)\n{"hint":"x"}', isError: true });
    await close();
  });
});

describe('a server without sessions', () => {
  const version = '2026-07-28';
  const stateless =
    (supportedVersions: readonly string[]) =>
    ({ method, params }: Message, { headers }: IncomingMessage): Reply | undefined => {
      const { _meta: meta = {} } = params ?? {};
      const isWhole =
        meta['io.modelcontextprotocol/protocolVersion'] === version &&
        headers['mcp-protocol-version'] === version &&
        headers['mcp-method'] === method &&
        headers['mcp-name'] === params?.name;
      if (!isWhole) return { status: 400, error: { code: -32_020, message: 'Header mismatch' } };
      if (method === 'server/discover')
        return {
          result: { resultType: 'complete', supportedVersions, capabilities: { tools: {} }, instructions: 'Hi.' },
        };
      return undefined;
    };

  test('is spoken to as the newest revision has it', async () => {
    const { call, list, close } = await far(stateless([version]));
    expect(list.tools.map(({ name }) => name)).toEqual(['look', 'write']);
    expect(list.instructions).toBe('Hi.');
    expect(await call('write', '{}')).toEqual({ text: 'done', isError: false });
    await close();
  });

  test('tells of changed tools in the stream of a subscription', async () => {
    const usually = stateless([version]);
    let push: ((message: object) => void) | undefined;
    const listening = Promise.withResolvers<unknown>();
    const { call, list, close } = await far((message, request) => {
      const { method, params } = message;
      if (method === 'subscriptions/listen') {
        const { notifications } = params as { readonly notifications?: unknown };
        return { stays: (write) => ((push = write), listening.resolve(notifications)) };
      }
      const reply = usually(message, request);
      if (method !== 'server/discover' || !reply?.result) return reply;
      return { result: { ...reply.result, capabilities: { tools: { listChanged: true } } } };
    });
    expect(list.tellsOfChanges).toBe(true);
    expect(await listening.promise).toEqual({ toolsListChanged: true });
    push?.({ method: 'notifications/subscriptions/acknowledged', params: {} });
    expect((await call('write', '{}')).tools).toBeUndefined();
    push?.({ method: 'notifications/tools/list_changed' });
    await expect.poll(async () => (await call('write', '{}')).tools?.length).toBe(tools.length);
    await close();
  });

  test('that speaks other revisions alone is named with both sides’', async () => {
    await expect(far(stateless(['2031-01-01']))).rejects.toThrow(/speaks the revisions 2031-01-01 of MCP.*2026-07-28/);
  });
});
