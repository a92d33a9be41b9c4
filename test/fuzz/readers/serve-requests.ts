import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { defaultLimits } from '../../../core/run/limits.ts';
import type { WorldPool } from '../../../core/types.ts';
import toolView from '../../../envs/views/tool.ts';
import { openWorldPool } from '../../../envs/world-pool.ts';
import { openSessionRecord } from '../../../finetune/ors/session-record.ts';
import { type OrsServer, startOrs } from '../../../finetune/ors/server.ts';
import { codeRewards } from '../../../finetune/ors/session-rewards.ts';
import { suiteNamed } from '../../../suites/tasks/suite-list.ts';
import { eventsIn, job, newSid } from '../../finetune/served.ts';
import type { Input, Reader } from '../reader.ts';

/** A refusal as the client gets it. */
class Refused extends Error {}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Stands for the id of an open session. */
const SESSION = 'an-open-session';
const place = { split: 'test', index: 0 };
const call = { server: 'memory', tool: 'read_graph', arguments: {} };

const input = (path: string, body?: Json, method = 'POST'): Input => {
  const asked = { method, path, headers: { 'x-session-id': SESSION, 'content-type': 'application/json' } };
  const request = { 'request.json': { form: 'json', text: JSON.stringify(asked) } } as const;
  return body === undefined ? request : { ...request, 'body.json': { form: 'json', text: JSON.stringify(body) } };
};

const inputs: readonly Input[] = [
  input('/call', { name: 'load_tools', input: { server: 'memory', tools: ['read_graph'] } }),
  input('/call', { name: 'call_tool', input: call, task_id: null }),
  input('/call', { name: 'finish', input: { answer: 'done' } }),
  input('/create', { ...place, env_name: null, toolset_name: null }),
  input('/task_range', { split: 'test', start: 0, stop: 2 }),
  input('/task', place),
  input('/num_tasks', { split: 'test' }),
  input('/prompt', undefined, 'GET'),
  input('/messages', undefined, 'GET'),
  input('/ping', {}),
  input('/list_environments', undefined, 'GET'),
  input('/delete', {}),
];

let serving:
  Promise<{ readonly server: OrsServer; readonly told: string[]; readonly end: () => Promise<void> }> | undefined;

/** Worlds are not what is looked at: calls are answered at once, and nothing changes. */
function quickWorlds(): WorldPool {
  const pool = openWorldPool({ lanes: 1 });
  return {
    ...pool,
    use: (parameters, _seed, work) =>
      work({
        toolspace: pool.toolspaceOf(parameters.servers),
        root: '/world',
        startHash: '0'.repeat(64),
        call: async () => ({ text: 'done', isError: false }),
        evidence: async () => pool.factsOf(parameters),
        inspect: async () => [],
      }),
  };
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-serve-'));
  const told: string[] = [];
  const server = await startOrs({
    suite: await suiteNamed('smoke'),
    tasks: 4,
    openView: toolView,
    job,
    rewards: codeRewards('sparse'),
    limits: defaultLimits,
    sessions: 8,
    unheardSeconds: 600,
    openPool: quickWorlds,
    record: openSessionRecord(folder, job, () => 0),
    host: '127.0.0.1',
    port: 0,
    version: '0',
    told: (sentence) => told.push(sentence),
  });
  const end = async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  };
  return { server, told, end };
}

const within = () => AbortSignal.timeout(15_000);
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** As far as a client can send it at all. */
function requestOf(bytes: Buffer | undefined, sid: string): Asked {
  let value: Json = null;
  try {
    value = JSON.parse(bytes?.toString() ?? '') as Json;
  } catch {
    // A client that is broken so far sends nothing.
  }
  const { method, path, headers } = isJsonObject(value) ? value : {};
  const pairs = Object.entries(isJsonObject(headers ?? null) ? (headers as object) : {}).flatMap(([name, text]) =>
    /^[\w-]{1,60}$/.test(name) && typeof text === 'string' && /^[ -~]{0,4000}$/.test(text) ? [[name, text]] : [],
  );
  const way = typeof path === 'string' ? path : '/';
  return {
    method: typeof method === 'string' && methods.includes(method) ? method : 'POST',
    path: /^\/[!-~]{0,2000}$/.test(way) ? way : `/${encodeURIComponent(way.toWellFormed().slice(0, 300))}`,
    headers: Object.fromEntries(pairs.map(([name = '', text = '']) => [name, text.replace(SESSION, sid)])),
  };
}

/** The id of a session that may be called. */
async function session(server: OrsServer): Promise<string> {
  const sid = await newSid(server);
  const headers = { 'x-session-id': sid, 'content-type': 'application/json' };
  await fetch(`${server.url}/create`, { method: 'POST', headers, body: JSON.stringify(place), signal: within() });
  return sid;
}

/** Requests to `serve`. Every answer is a success or says what was wrong with the request; the server lives on. */
export default {
  share: 8,
  isInMemory: true,
  inputs,
  isRefusal: (error) => error instanceof Refused,
  read: async (files) => {
    const { server, told } = await (serving ??= start());
    const asked = files.get('request.json')?.toString() ?? '';
    // A session is begun by `/create` itself.
    const sid = asked.includes('"/create"') ? await newSid(server) : await session(server);
    try {
      const { method, path, headers } = requestOf(files.get('request.json'), sid);
      const bytes = files.get('body.json');
      const body = method === 'GET' || !bytes ? {} : { body: bytes };
      const response = await fetch(server.url + path, { method, headers, ...body, signal: within() });
      const text = await response.text();
      if (told.length > 0) throw new Error(`the server failed: ${told.splice(0).join(' ')}`);
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (
        response.ok &&
        isStream &&
        !eventsIn(text).some(({ event }) => event === 'end' || event === 'error' || event === 'session_id')
      )
        throw new Error(`a stream without an end: ${text.slice(0, 200)}`);
      if (response.ok && !isStream) JSON.parse(text);
      if (response.status >= 400 && response.status < 500)
        throw new Refused((JSON.parse(text) as { detail: string }).detail);
      if (!response.ok) throw new Error(`answered ${response.status}: ${text}`);
    } finally {
      const headers = { 'x-session-id': sid };
      await fetch(`${server.url}/delete`, { method: 'POST', headers, signal: within() });
    }
    const health = await fetch(`${server.url}/health`, { signal: within() });
    if (!health.ok) throw new Error('the server is no longer well');
  },
  close: async () => (await serving)?.end(),
} satisfies Reader;
