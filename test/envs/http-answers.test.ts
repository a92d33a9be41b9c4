import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { connectHttp } from '../../envs/processes/http-connection.ts';
import { BEGINNING_BYTES, MOST_ANSWER_BYTES } from '../../envs/processes/too-long.ts';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: { readonly bytes?: number; readonly isData?: true };
  };
}

const results = (message: Message): unknown => {
  const { bytes = 0, isData } = message.params?.arguments ?? {};
  if (message.method === 'initialize')
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } };
  if (message.method === 'tools/list') return { tools: [{ name: 'long', inputSchema: { type: 'object' } }] };
  if (isData) return { structuredContent: { words: 'x'.repeat(bytes) } };
  return { content: [{ type: 'text', text: 'x'.repeat(bytes) }] };
};

/** At `/json` answers are bodies, at `/events` streams; `/endless` never ends a list of tools. */
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const message = JSON.parse(body) as Message;
    if (message.id === undefined) response.writeHead(202).end();
    else if (request.url === '/endless' && message.method === 'tools/list') flood(response);
    else {
      const text = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: results(message) });
      const isStream = request.url === '/events';
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      // Half of the limit goes before: it is an event of its own.
      const before = `event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${'y'.repeat(MOST_ANSWER_BYTES / 2)}"}}\n\n`;
      const isCall = message.method === 'tools/call';
      response.end(isStream ? `${isCall ? before : ''}event: message\ndata: ${text}\n\n` : text);
    }
  });
});

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(2 ** 20, 'z');
  const more = () => {
    while (!response.destroyed && response.write(chunk)) continue;
  };
  response.on('drain', more);
  more();
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.closeAllConnections());
afterAll(() => server.close());

const open = (path: string) =>
  connectHttp({
    server: 'far',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    headers: {},
    startDeadlineMilliseconds: 30_000,
    callDeadlineMilliseconds: 30_000,
    callCeilingMilliseconds: 30_000,
  });

describe.each(['/json', '/events'])('an answer over HTTP at %s', (path) => {
  const sentence = 'longer than 16 MiB, the most that is taken of one, and was dropped';

  test('that is too long keeps its beginning and names the limit, or is an error that does; the server goes on', async () => {
    const { call, isAlive, close } = await open(path);
    const most = MOST_ANSWER_BYTES - 1000;
    expect((await call('long', JSON.stringify({ bytes: most }))).text).toHaveLength(most);
    const { text, isError } = await call('long', JSON.stringify({ bytes: MOST_ANSWER_BYTES }));
    expect(isError).toBe(false);
    const [beginning = '', told] = text.split('\n');
    expect(beginning).toMatch(/^x+$/);
    expect(BEGINNING_BYTES - beginning.length, 'what stands before the text').toBeLessThan(200);
    expect(told).toContain(sentence);
    const data = await call('long', JSON.stringify({ bytes: MOST_ANSWER_BYTES, isData: true }));
    expect([data.isError, data.text]).toEqual([true, expect.stringContaining(sentence)]);
    expect(isAlive()).toBe(true);
    expect(await call('long', '{"bytes":3}')).toEqual({ isError: false, text: 'xxx' });
    await close();
  });
});

test('a list of tools without an end is a server that cannot be used', async () => {
  await expect(open('/endless')).rejects.toThrow(/Server far cannot be used: .*longer than 16 MiB/);
});
