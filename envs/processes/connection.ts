import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, WorldFailure } from '../../core/errors.ts';
import type { ToolResult } from '../../core/types.ts';
import { endGroup } from './leftovers.ts';
import { inOwnGroup } from './process-group.ts';
import { resultOf } from './reply.ts';
import { conceal, concealIn } from './secrets.ts';
import { StartFailure } from './start-failure.ts';
import { signalGroup, type Supervisor } from './supervisor.ts';
import { readToolList, type ToolList } from './tool-list.ts';
import { type StdioTransport, stdioTransport } from './transport.ts';

/** How to start one server process. */
export interface Launch {
  readonly server: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly expectedTools: number;
  readonly startDeadlineMilliseconds: number;
  readonly callDeadlineMilliseconds: number;
  /** What helps when it does not start; by default what restores the pinned packages. */
  readonly cure?: string;
}

/** A started server whose handshake is done and whose tool list is known. */
export interface Connection {
  readonly list: ToolList;
  readonly isAlive: () => boolean;
  /** How it ended, once it did, as a sentence. */
  readonly ending: () => string | undefined;
  /** `argumentsJson` is JSON text. Rejects with `WorldFailure` when the process died or missed its deadline (it is killed then). */
  readonly call: (tool: string, argumentsJson: string, preface?: string) => Promise<ToolResult>;
  /** Ends stdin, then SIGTERM, then SIGKILL, each after a short grace. */
  readonly close: () => Promise<void>;
}

/** A server takes a core while it starts; this many at a time is what two cores carry. */
export const STARTS_AT_A_TIME = 2;
export const DEFAULT_CALL_DEADLINE_MILLISECONDS = 10_000;

const PINNED_CURE = 'Run "npm ci" to restore the pinned packages, then "toolstone servers" to see which of them start.';
const STDERR_LINES = 5;
const GRACE_MILLISECONDS = 300;

/** @throws StartFailure when the server does not start or its tool list is not the pinned version's. */
export async function connect(launch: Launch, supervisor: Supervisor): Promise<Connection> {
  const { command, arguments: args, detached } = inOwnGroup(launch.command, launch.arguments);
  const child = spawn(command, args, {
    cwd: launch.folder,
    env: launch.environment,
    detached,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) supervisor.addGroup(child.pid);
  const lastWords = keepLastWords(child);
  const transport = stdioTransport(child.stdin, child.stdout);
  let isAlive = true;
  const ended = new Promise<void>((resolve) => {
    const end = (why: string) => {
      isAlive = false;
      if (child.pid !== undefined) {
        endGroup(child.pid);
        supervisor.removeGroup(child.pid);
      }
      transport.fail(new WorldFailure(conceal(`Server ${launch.server} ${why}.${lastWords()}`)));
      resolve();
    };
    child.once('error', (error) => end(`could not be run (${error.message})`));
    child.once('exit', (code, signal) => end(signal ? `was ended by ${signal}` : `exited with code ${code}`));
  });
  child.stdin.on('error', () => undefined); // EPIPE: `exit` tells the story
  letGo(child);

  const kill = () => (isAlive && child.pid !== undefined ? signalGroup(child.pid, 'SIGKILL') : undefined);
  const list = await handshake(launch, transport, lastWords).catch((error: unknown) => {
    kill();
    throw error;
  });
  return {
    list,
    isAlive: () => isAlive,
    ending: () => transport.failure()?.message,
    call: async (tool, argumentsJson, preface) => {
      const params = `{"name":${JSON.stringify(tool)},"arguments":${argumentsJson}}`;
      const milliseconds = launch.callDeadlineMilliseconds;
      const late = `Server ${launch.server} did not answer ${tool} within ${milliseconds} ms and was killed`;
      return resultOf(
        launch.server,
        await withDeadline(transport.request('tools/call', params, preface), milliseconds, () => {
          transport.fail(new WorldFailure(`${late}.${lastWords()}`));
          isAlive = false;
          if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        }),
      );
    },
    close: async () => {
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await Promise.race([ended, delay(GRACE_MILLISECONDS)]);
        if (!isAlive || child.pid === undefined) return;
        signalGroup(child.pid, signal);
      }
      await Promise.race([ended, delay(GRACE_MILLISECONDS)]);
    },
  };
}

async function handshake(launch: Launch, transport: StdioTransport, lastWords: () => string): Promise<ToolList> {
  const timeout = launch.startDeadlineMilliseconds;
  const late = () => lateStart(launch.server, timeout, lastWords());
  try {
    await new Client({ name: 'toolstone', version: '0.1.0' }).connect(transport, { timeout });
    const result = await allPages(async (params) => {
      const request = transport.request('tools/list', JSON.stringify(params));
      return (await withDeadline(request, timeout, () => transport.fail(late()))).result;
    });
    return readToolList(launch.server, concealIn(result), launch.expectedTools, launch.cure);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    if (isTimeout(error)) throw late();
    const cause = transport.failure()?.message ?? `${messageOf(error)}.${lastWords()}`;
    throw new StartFailure(`Server ${launch.server} did not start. ${conceal(cause)}`, launch.cure ?? PINNED_CURE);
  }
}

const requestTimeout: number = ErrorCode.RequestTimeout;

/** The SDK's word for a request that nobody answered in time. */
export const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === requestTimeout;

/** A start that took too long is helped by time alone. */
export const lateStart = (server: string, milliseconds: number, lastWords = ''): StartFailure =>
  new StartFailure(
    conceal(`Server ${server} did not start within ${milliseconds / 1000} s.${lastWords}`),
    'Give it longer with --start-deadline SECONDS, or try again when the machine has less to do.',
  );

/** More pages than any honest server has. */
const MOST_PAGES = 100;

/** Result of `tools/list` with the tools of all its pages; the first one as it came where it is no list. */
export async function allPages(ask: (params: { readonly cursor?: string }) => Promise<unknown>): Promise<unknown> {
  type Page = { readonly tools?: unknown; readonly nextCursor?: unknown } | null | undefined;
  const first = (await ask({})) as Page;
  if (!Array.isArray(first?.tools)) return first;
  const tools: unknown[] = [...(first.tools as readonly unknown[])];
  let cursor = first.nextCursor;
  for (let page = 1; typeof cursor === 'string' && page < MOST_PAGES; page++) {
    const next = (await ask({ cursor })) as Page;
    if (Array.isArray(next?.tools)) tools.push(...(next.tools as readonly unknown[]));
    cursor = next?.nextCursor;
  }
  return { tools };
}

/** Waits for the reply; when time is up `giveUp` has to make it settle. The timer also keeps this process running. */
async function withDeadline<T>(work: Promise<T>, milliseconds: number, giveUp: () => void): Promise<T> {
  const timer = setTimeout(giveUp, milliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** The end of stderr, as a sentence's tail for messages. */
function keepLastWords(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = conceal(tail + chunk).slice(-2000);
  });
  return () => {
    const lines = tail.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
    return lines.length === 0 ? '' : ` Its last words: ${lines.slice(-STDERR_LINES).join(' | ')}.`;
  };
}

/** A forgotten world must not keep the process running. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as unknown as { unref?: () => void } | null)?.unref?.();
}
