import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { WorldFailure } from '../../core/errors.ts';
import type { ToolResult } from '../../core/types.ts';
import { type CallDeadline, type Wait, waitFor } from './call-deadline.ts';
import { handshake, type Handshaking } from './handshake.ts';
import { endGroup } from './leftovers.ts';
import { waitAtMost } from './wait-at-most.ts';
import { inOwnGroup } from './process-group.ts';
import { noiseKeeper } from './noise.ts';
import { type RawReply, resultOf } from './reply.ts';
import { conceal } from './secrets.ts';
import { signalGroup, type Supervisor } from './supervisor.ts';
import type { ToolList } from './tool-list.ts';
import { stdioTransport } from './transport.ts';
import { refuseUnstarted } from './started.ts';

/** How to start one server process. Without a cure of its own, what restores the pinned packages helps. */
export interface Launch extends Handshaking, CallDeadline {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A started server whose handshake is done and whose tool list is known. */
export interface Connection {
  readonly list: ToolList;
  readonly isAlive: () => boolean;
  /** Why it is no longer alive, as a sentence with what it said last; empty where nobody knows. */
  readonly fate: () => Promise<string>;
  /** `argumentsJson` is JSON text. Rejects with `WorldFailure` when the process died or missed its deadline (it is killed then). */
  readonly call: (tool: string, argumentsJson: string, preface?: string) => Promise<ToolResult>;
  /** Ends stdin, then SIGTERM, then SIGKILL, each after a short grace. */
  readonly close: () => Promise<void>;
}

/** A server takes a core while it starts, but for moments in which it waits for the disk or for us. */
export const STARTS_AT_A_TIME = availableParallelism() + 1;
export const DEFAULT_CALL_DEADLINE_MILLISECONDS = 10_000;

const STDERR_LINES = 5;
const GRACE_MILLISECONDS = 300;
const LAST_WORDS_MILLISECONDS = 200;

/** @throws StartFailure when the server does not start or its tool list is not the pinned version's. */
export async function connect(launch: Launch, supervisor: Supervisor): Promise<Connection> {
  const { command, arguments: args, detached } = inOwnGroup(launch.command, launch.arguments);
  const child = spawn(command, args, {
    cwd: launch.folder,
    env: launch.environment,
    detached,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  refuseUnstarted(child, command);
  if (child.pid !== undefined) supervisor.addGroup(child.pid);
  const lastWords = keepLastWords(child);
  const calls = new Set<Wait<RawReply>>();
  let isListChanged = false;
  const noise = noiseKeeper(launch);
  const transport = stdioTransport(child.stdin, child.stdout, {
    noise: noise.hear,
    showsBeginnings: launch.isOwn,
    notified: (method) => {
      if (!launch.isOwn) return;
      if (method === 'notifications/tools/list_changed') isListChanged = true;
      if (method === 'notifications/progress') for (const { extend } of calls) extend();
    },
  });
  const life = lifeOf(child, supervisor, (why) =>
    transport.fail(new WorldFailure(conceal(`Server ${launch.server} ${why}.${lastWords()}`))),
  );
  child.stdin.on('error', () => undefined); // EPIPE: `exit` tells the story
  letGo(child);

  const { list, meta, listAgain } = await handshake(launch, transport, lastWords).catch((error: unknown) => {
    life.kill();
    throw error;
  });
  let progressToken = 0;
  const request = async (tool: string, argumentsJson: string, preface?: string): Promise<RawReply> => {
    const rest = launch.isOwn ? `,"_meta":${JSON.stringify({ ...meta, progressToken: ++progressToken })}` : '';
    const params = `{"name":${JSON.stringify(tool)},"arguments":${argumentsJson}${rest}}`;
    const wait = waitFor(transport.request('tools/call', params, preface), launch, (milliseconds) => {
      const late = `Server ${launch.server} did not answer ${tool} within ${milliseconds} ms and was killed`;
      transport.fail(new WorldFailure(`${late}.${lastWords()}`));
      life.kill();
    });
    calls.add(wait);
    return wait.answer.finally(() => calls.delete(wait));
  };
  return {
    list: noise.remarked(list),
    isAlive: life.isAlive,
    fate: async () => {
      await waitAtMost(GRACE_MILLISECONDS, life.ended);
      return transport.failure()?.message ?? '';
    },
    call: async (tool, argumentsJson, preface) => {
      const result = resultOf(launch.server, await request(tool, argumentsJson, preface), launch.isOwn);
      if (!isListChanged) return result;
      isListChanged = false;
      return { ...result, ...(await listAgain()) };
    },
    close: async () => {
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await waitAtMost(GRACE_MILLISECONDS, life.ended);
        if (!life.isAlive() || child.pid === undefined) return;
        signalGroup(child.pid, signal);
      }
      await waitAtMost(GRACE_MILLISECONDS, life.ended);
    },
  };
}

/** Follows a process to its end, which `tell` is told of once its last words are heard. */
function lifeOf(child: ChildProcessWithoutNullStreams, supervisor: Supervisor, tell: (why: string) => void) {
  let isAlive = true;
  const ended = new Promise<void>((resolve) => {
    const end = (why: string) => {
      tell(why);
      resolve();
    };
    child.once('error', (error) => {
      isAlive = false;
      end(`could not be run (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      isAlive = false;
      if (child.pid !== undefined) {
        endGroup(child.pid);
        supervisor.removeGroup(child.pid);
      }
      const why = signal ? `was ended by ${signal}` : `exited with code ${code}`;
      // What it said last may still be on its way.
      const isHeard = child.stderr.readableEnded ? Promise.resolve() : once(child.stderr, 'end');
      void waitAtMost(LAST_WORDS_MILLISECONDS, isHeard).then(() => end(why));
    });
  });
  return {
    isAlive: () => isAlive,
    ended,
    /** From now on it counts as dead. */
    kill: () => {
      if (isAlive && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      isAlive = false;
    },
  };
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
