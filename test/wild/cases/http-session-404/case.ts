import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../../lib/case.ts';
import type { Request } from '../../lib/mcp.ts';

const tools = ['open_book', 'read_page'].map((name) => ({ name, inputSchema: { type: 'object' } }));
const text = (words: string) => ({ content: [{ type: 'text', text: words }] });

/** JSON answers; the session ends after the first call of a tool: 404, as the specification says. */
const sessions: Case = async ({ folder, scratch, command, episodes }) => {
  let session = 0;
  const methods: string[] = [];
  const answer = (request: IncomingMessage, message: Request, response: ServerResponse) => {
    const { id, method = '', params } = message;
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'mcp-session-id': `s${session}` });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: id ?? '', ...body }));
    };
    methods.push(method === 'tools/call' ? `${params?.name}` : method);
    if (method === 'initialize') {
      session++;
      const { protocolVersion } = params ?? {};
      const serverInfo = { name: 'stub', version: '1' };
      return reply(200, { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
    }
    if (request.headers['mcp-session-id'] !== `s${session}`)
      return reply(404, { error: { code: -32_001, message: 'Session not found' } });
    if (id === undefined) return response.writeHead(202).end();
    if (method === 'tools/list') return reply(200, { result: { tools } });
    if (params?.name === 'read_page') return reply(200, { result: text('The code is K7-44.') });
    reply(200, { result: text('opened') });
    session++;
  };
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(request, JSON.parse(body) as Request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const run = join(scratch, 'run');
    const words = ['run', '--policy', 'oracle', '--tasks', join(folder, 'tasks.yaml'), '--out', run];
    const port = `${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await command(words, { HTTP_PORT: port });
    expect(code, stderr).toBe(0);
    expect(episodes(run)).toMatchObject([{ success: { verified: true } }]);
    const opened = methods.indexOf('open_book');
    const afterwards = methods.slice(opened + 1).filter((method) => method !== '' && !method.startsWith('notif'));
    // The last two: at its end a run asks once more what its own servers offer.
    expect(afterwards).toEqual(['read_page', 'initialize', 'read_page', 'initialize', 'tools/list']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
export default sessions;
