import { fileURLToPath } from 'node:url';
import { connect, type Connection } from '../../../envs/processes/connection.ts';
import { startSupervisor } from '../../../envs/processes/supervisor.ts';
import type { Reader } from '../reader.ts';

const supervisor = startSupervisor();
let child: Promise<Connection> | undefined;

/** One process for all inputs: it must outlive each of them. */
const server = (): Promise<Connection> =>
  (child ??= connect(
    {
      server: 'frames',
      command: process.execPath,
      arguments: [fileURLToPath(new URL('../frame-server.ts', import.meta.url))],
      folder: '/',
      environment: {},
      expectedTools: 2,
      startDeadlineMilliseconds: 60_000,
      callDeadlineMilliseconds: 15_000,
      callCeilingMilliseconds: 15_000,
      isOwn: true,
    },
    supervisor,
  ));

/** The call's, once the server says it. */
const id = 4_242_424_242;
const reply = (result: object) => ({ jsonrpc: '2.0', id, result });
const frames = [
  { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 0.5 } },
  { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
  { jsonrpc: '2.0', id: 'roots', method: 'roots/list' },
  reply({
    content: [
      { type: 'text', text: 'grüße' },
      { type: 'image', data: 'AA==', mimeType: 'image/png' },
      { type: 'resource_link', uri: 'file:///a', name: 'a', size: 3 },
    ],
    structuredContent: { a: [1, { b: null }] },
  }),
  { jsonrpc: '2.0', id, error: { code: -32_000, message: 'No such tool.', data: { a: 1 } } },
];
const lines = (all: readonly object[]) => all.map((frame) => `${JSON.stringify(frame)}\n`).join('');

/** What a server prints in a process of its own. Whatever it was, the call is answered, and so is the next one. */
export default {
  share: 8,
  isInMemory: true,
  inputs: [
    { 'frames.jsonl': { form: 'lines', text: lines(frames) } },
    { 'frames.jsonl': { form: 'lines', text: lines(frames.slice(3, 4)) } },
    { 'frames.jsonl': { form: 'lines', text: lines(frames.slice(4)) } },
  ],
  read: async (files) => {
    const { call, isAlive } = await server();
    const said = await call('say', JSON.stringify({ frames: files.get('frames.jsonl')?.toString('base64') }));
    if (typeof said.text !== 'string' || typeof said.isError !== 'boolean') throw new Error('a result that is none');
    const next = await call('echo', '{"text":"still here"}');
    if (next.text !== 'still here' || !isAlive()) throw new Error(`the next call was answered with ${next.text}`);
  },
  close: async () => {
    await (await child)?.close();
    await supervisor.close();
  },
} satisfies Reader;
