import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Job } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Suite, Task, WorldPool } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { type OrsOptions, type OrsServer, startOrs } from '../../finetune/ors/server.ts';
import { openSessionRecord } from '../../finetune/ors/session-record.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';

export const job: Job = {
  name: 'remote-sparse-tool/seed-1',
  rows: { views: 'remote, tool' },
  seed: 1,
  policy: 'remote',
  view: 'tool',
  training: null,
  evaluations: [{ split: 'test', tasks: 4 }],
};

export interface Served extends OrsServer {
  readonly suite: Suite;
  readonly told: readonly string[];
  readonly trajectories: () => readonly ScoredTrajectory[];
}

/** A server over suite `smoke` on a free port, gone after the test. `pool` is lent and not put away. */
export async function served(options: Partial<OrsOptions> & { readonly pool?: WorldPool } = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-ors-'));
  const suite = options.suite ?? (await suiteNamed('smoke'));
  const record = openSessionRecord(folder, job, () => 0);
  const told: string[] = [];
  const { pool } = options;
  const server = await startOrs({
    suite,
    tasks: 12,
    openView: toolView,
    job,
    rewards: codeRewards('sparse'),
    limits: defaultLimits,
    sessions: 8,
    unheardSeconds: 60,
    openPool: (lanes) => (pool ? { ...pool, dispose: async () => undefined } : openWorldPool({ lanes })),
    record,
    host: '127.0.0.1',
    port: 0,
    version: '0',
    told: (sentence) => told.push(sentence),
    ...options,
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const trajectories = () =>
    readFileSync(join(folder, 'trajectories.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ScoredTrajectory);
  return { ...server, suite, told, trajectories };
}

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** Request and answer as JSON. */
export async function ask(
  { url }: OrsServer,
  method: 'GET' | 'POST',
  path: string,
  options: { readonly sid?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { sid, body, headers } = options;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(sid === undefined ? {} : { 'X-Session-ID': sid }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject, headers: response.headers };
}

export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of a stream as the official client reads them: white space at the beginning of data is lost. */
export const eventsIn = (text: string): SseEvent[] =>
  text
    .split('\n\n')
    .filter((part) => part.startsWith('event:'))
    .map((part) => {
      const [event = '', data = ''] = part.split('\n').map((line) => line.slice(line.indexOf(':') + 1).trimStart());
      return { event, data };
    });

export interface Output {
  readonly ok: boolean;
  readonly error?: string;
  readonly reason?: string;
  readonly text: string;
  readonly reward: number | null;
  readonly finished: boolean;
  readonly metadata: JsonObject;
  readonly taskId: string;
}

/** Answer of `/call` with its events put together. */
export function outputOf(events: readonly SseEvent[]): Output {
  const json = events.filter(({ event }) => event === 'chunk' || event === 'end').map(({ data }) => data);
  const whole = JSON.parse(json.join('')) as {
    ok: boolean;
    error?: string;
    reason?: string;
    output?: { blocks: { text: string }[]; metadata: JsonObject; reward: number | null; finished: boolean };
  };
  const { ok, error, reason, output } = whole;
  return {
    ok,
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
    text: output?.blocks.map(({ text }) => text).join('\n') ?? '',
    reward: output?.reward ?? null,
    finished: output?.finished ?? false,
    metadata: (output?.metadata['toolstone'] ?? {}) as JsonObject,
    taskId: events.find(({ event }) => event === 'task_id')?.data ?? '',
  };
}

export async function newSid({ url }: OrsServer): Promise<string> {
  const response = await fetch(`${url}/create_session`, { method: 'POST' });
  return eventsIn(await response.text())[0]?.data ?? '';
}

/** An open session of a task. */
export async function open(server: OrsServer, split: string, index: number) {
  const sid = await newSid(server);
  const created = await ask(server, 'POST', '/create', { sid, body: { split, index } });
  const prompt = created.status === 200 ? await ask(server, 'GET', '/prompt', { sid }) : undefined;
  const call = async (name: string, input: unknown, more: object = {}): Promise<Output> => {
    const response = await fetch(`${server.url}/call`, {
      method: 'POST',
      headers: { 'X-Session-ID': sid, 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ name, input, ...more }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return outputOf(eventsIn(await response.text()));
  };
  const close = () => ask(server, 'POST', '/delete', { sid });
  return { sid, created, prompt, call, close };
}

/** Calls that carry out the plan of a task in the tool view, `finish` included. */
export function solution({ plan, answer }: Task): readonly (readonly [string, JsonObject])[] {
  const steps = plan.flatMap(({ server, tool, arguments: args }) => [
    ['load_tools', { server, tools: [tool] }] as const,
    ['call_tool', { server, tool, arguments: args }] as const,
  ]);
  return [...steps, ['finish', answer === '' ? { answer: null } : { answer }]];
}
