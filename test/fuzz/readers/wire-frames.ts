import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { WorldFailure } from '../../../core/errors.ts';
import { listTools } from '../../../envs/processes/handshake.ts';
import { resultOf } from '../../../envs/processes/reply.ts';
import { stdioTransport } from '../../../envs/processes/transport.ts';
import type { Reader } from '../reader.ts';

const FIRST = 1_000_000_000;
const listing = { server: 'stub', expectedTools: 0, isOwn: true };
const tool = {
  name: 'echo',
  description: 'Says it again.',
  inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
};
const info = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'stub', version: '1' } };
const reply = (id: number, result: object) => ({ jsonrpc: '2.0', id, result });

/** What a server says in a session: the handshake's answer, two pages of tools, results, an error, and things on its own. */
const frames = [
  reply(0, info),
  { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'up' } },
  reply(FIRST, { tools: [tool], nextCursor: 'more' }),
  reply(FIRST + 1, { tools: [{ ...tool, name: 'hang' }] }),
  { jsonrpc: '2.0', id: 'roots', method: 'roots/list' },
  reply(FIRST + 2, {
    content: [
      { type: 'text', text: 'grüße' },
      { type: 'image', data: 'AA==', mimeType: 'image/png' },
    ],
    structuredContent: { a: 1 },
  }),
  { jsonrpc: '2.0', id: FIRST + 3, error: { code: -32_000, message: 'No such tool.' } },
];
const last = `${JSON.stringify(reply(FIRST + 4, { content: [{ type: 'text', text: 'still here' }] }))}\n`;

/** Frames of servers, in pieces of any size. Whatever came before, the answer to a later call is understood. */
export default {
  share: 20,
  isInMemory: true,
  inputs: [{ 'frames.jsonl': { form: 'lines', text: frames.map((frame) => `${JSON.stringify(frame)}\n`).join('') } }],
  read: async (files) => {
    const bytes = files.get('frames.jsonl') ?? Buffer.alloc(0);
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.resume();
    const transport = stdioTransport(input, output);
    const client = new Client({ name: 'toolstone', version: '0.1.0' });
    const settled = Promise.allSettled([
      client.connect(transport),
      listTools(listing, { instructions: undefined, tellsOfChanges: false }, () =>
        transport.request('tools/list', '{}'),
      ),
    ]);
    const calls = [2, 3, 4].map(() => transport.request('tools/call', '{}').then((one) => resultOf('stub', one)));
    const size = 1 + (bytes.length % 97);
    for (let at = 0; at < bytes.length; at += size) output.write(bytes.subarray(at, at + size));
    output.write(`\n${last}`);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    transport.fail(new WorldFailure('Server stub exited with code 0.'));
    const results = await Promise.allSettled(calls);
    for (const one of results) if (one.status === 'fulfilled') checkResult(one.value);
    await settled;
  },
} satisfies Reader;

function checkResult({ text, isError }: { readonly text: unknown; readonly isError: unknown }): void {
  if (typeof text !== 'string' || typeof isError !== 'boolean') throw new Error('a result that is none');
}
