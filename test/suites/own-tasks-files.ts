import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll } from 'vitest';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import eager from '../../envs/views/eager.ts';
import type { OwnTask, TaskFile } from '../../suites/own-tasks/format.ts';

/** A folder for task files, gone after the tests of the file that asks for it. */
export function taskFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-own-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Buffer | object): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : stringify(content, { aliasDuplicateObjects: false }));
    return path;
  };
  write('server.mjs', serverText);
  let count = 0;
  /** Writes a task file of its own name and returns its path. */
  const taskFile = (file: TaskFile | object): string => write(`tasks-${++count}.yaml`, file);
  return { folder, write, taskFile };
}

/** A server of one's own in `server.mjs`, beside the task file; `name` and `env` make it another one. */
export const ownServer = (env: Readonly<Record<string, string>> = {}) => ({
  command: process.execPath,
  args: ['{HERE}/server.mjs', '{FOLDER}'],
  env,
});

/** A task about the file a.txt of a server called `own`, with what a test wants otherwise. */
export const task = (change: Partial<OwnTask> & Readonly<Record<string, unknown>> = {}): OwnTask => ({
  id: 'one',
  prompt: 'Write “done” into the file a.txt.',
  servers: ['own'],
  checks: [{ file: { server: 'own', path: 'a.txt' }, equals: 'done' }],
  plan: [{ server: 'own', tool: 'write', arguments: { path: 'a.txt', text: 'done' } }],
  ...change,
});

export const checkOptions = { openView: eager, carryOut: oracle, doNothing: noOp() };

/** Bare JSON-RPC, so that it runs in a folder without packages. */
const serverText = `
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
let count = 0;
const run = {
  environment: () => JSON.stringify({ ...process.env, encoded: Buffer.from(process.env.OWN_TOKEN ?? '').toString('base64') }),
  places: () => JSON.stringify([process.cwd(), process.env.HOME, process.argv.at(-1)]),
  count: () => String(++count),
  counted: () => String(count),
  write: ({ path, text }) => (writeFileSync(path, text ?? process.env.OWN_TOKEN), 'written'),
  read: ({ path }) => readFileSync(path, 'utf8'),
  json: () => '{"items":[{"name":"oak","height":12},{"name":"elm","height":9}]}',
  die: () => process.exit(1),
};
const text = { type: 'string' };
const tools = Object.keys(run).map((name) => ({
  name,
  description: 'Tool ' + name + (process.env.OWN_TOKEN ? ' for ' + process.env.OWN_TOKEN : ''),
  inputSchema: { type: 'object', properties: { path: text, text }, ...(name === 'read' ? { required: ['path'] } : {}) },
}));
const replies = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'own', version: '1' } }),
  // Two pages, as large servers do.
  'tools/list': ({ cursor }) => (cursor ? { tools: tools.slice(3) } : { tools: tools.slice(0, 3), nextCursor: 'next' }),
  'tools/call': ({ name, arguments: args }) => {
    try {
      return { content: [{ type: 'text', text: run[name](args) }] };
    } catch (error) {
      return { content: [{ type: 'text', text: error.message }], isError: true };
    }
  },
};
process.stderr.write('starting with ' + process.env.OWN_TOKEN + '\\n');
if (process.env.OWN_FAULT) process.exit(3);
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: replies[method](params ?? {}) }) + '\\n');
});
`;
