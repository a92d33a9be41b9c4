import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/**
 * A Streamable HTTP server in a thread of its own, since tool lists are waited for without a turn of the event loop. It
 * tells its port, keeps notes, lets in who has the token, and speaks of the token in whatever it says.
 */
const token = 'letmein-please-47';
const notes: string[] = [];

function mcpServer(): Server {
  const server = new Server({ name: 'far', version: '1' }, { capabilities: { tools: {} } });
  const inputSchema = { type: 'object' as const, properties: { text: { type: 'string' } } };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: ['add', 'all', 'clear', 'throw'].map((name) => ({ name, description: `${name} for ${token}`, inputSchema })),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    if (params.name === 'throw') throw new Error(`thrown by ${token}`);
    if (params.name === 'clear') notes.length = 0;
    if (params.name === 'add') notes.push(String(params.arguments?.['text']));
    return { content: [{ type: 'text', text: JSON.stringify({ notes, token }) }] };
  });
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization } = request.headers;
  if (authorization !== `Bearer ${token}`) response.writeHead(401).end(`not with ${authorization}`);
  else if (request.method !== 'POST') response.writeHead(405).end();
  else {
    const transport = new StreamableHTTPServerTransport({});
    await mcpServer().connect(transport);
    await transport.handleRequest(request, response);
  }
}

const http = createServer((request, response) => void answer(request, response));
http.listen(0, '127.0.0.1', () => parentPort?.postMessage((http.address() as AddressInfo).port));
