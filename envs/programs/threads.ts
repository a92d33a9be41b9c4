import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf, WorldFailure } from '../../core/errors.ts';
import { moduleEnding } from '../../core/list.ts';
import type { ProgramLimits } from './limits.ts';
import type { Answer, Request } from './messages.ts';

/** Beside this file, without its ending. It stands here whole: by that `core/identity` finds it. */
const module = new URL('./guest-thread', import.meta.url);

/** A thread in which programs run. */
export interface Thread {
  readonly worker: Worker;
  /** Why it lives no more. */
  failure?: WorldFailure;
  /** Told of that, while somebody talks with it. */
  onFailure?: (failure: WorldFailure) => void;
}

/** Threads that wait for an episode, each with an interpreter made ready, by the limits of their programs. */
const idleThreads = new WeakMap<ProgramLimits, Thread[]>();
const mostIdle = 8;

const idleOf = (limits: ProgramLimits): Thread[] => {
  const idle = idleThreads.get(limits) ?? [];
  idleThreads.set(limits, idle);
  return idle;
};

/** One that an earlier episode of these limits has left, where there is one; else a new one. */
export const takeThread = (limits: ProgramLimits): Thread => idleOf(limits).pop() ?? startThread(limits);

/** Keeps a thread for another episode, unless enough wait or it lives no more. */
export function leaveThread(thread: Thread, limits: ProgramLimits): void {
  const idle = idleOf(limits);
  if (thread.failure) return;
  if (idle.length >= mostIdle) return endThread(thread);
  thread.worker.postMessage({ kind: 'close' } satisfies Request);
  idle.push(thread);
}

export const endThread = ({ worker }: Thread): void => void worker.terminate();

/** A thread may break down at any moment, also while nobody talks with it: it brings nobody down, and nobody gets it then. */
function startThread(limits: ProgramLimits): Thread {
  const worker = new Worker(fileURLToPath(module) + moduleEnding, { workerData: limits, stdin: true });
  worker.unref();
  const thread: Thread = { worker };
  const fail = (why: string, cause?: unknown): void => {
    if (thread.failure) return;
    thread.failure = new WorldFailure(`the sandbox of programs broke down (${why})`, { cause });
    const idle = idleOf(limits);
    if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    thread.onFailure?.(thread.failure);
  };
  worker.on('error', (error) => fail(messageOf(error), error));
  worker.on('exit', (code) => fail(`its thread ended with code ${code}`));
  return thread;
}

export interface Conversation {
  /** What the thread says next; `null` where it says nothing in time. Rejects where it broke down, or the signal says so. */
  readonly ask: (request: Request) => Promise<Answer | null>;
  readonly end: () => void;
}

/** Talks with a thread, which holds the process until the end. */
export function converse(thread: Thread, milliseconds: number, signal: AbortSignal): Conversation {
  const { worker } = thread;
  let hear: ((answer: Answer) => void) | undefined;
  let fail: ((error: unknown) => void) | undefined;
  const onMessage = (answer: Answer) => hear?.(answer);
  const onAbort = () => fail?.(signal.reason);
  worker.on('message', onMessage);
  thread.onFailure = (failure) => fail?.(failure);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.ref();
  return {
    ask: (request) =>
      new Promise<Answer | null>((resolve, reject) => {
        // It may have broken down while the calls of the program were carried out.
        if (thread.failure) return reject(thread.failure);
        const timer = setTimeout(() => resolve(null), milliseconds);
        hear = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
        fail = (error) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        worker.postMessage(request);
      }),
    end: () => {
      worker.off('message', onMessage);
      delete thread.onFailure;
      signal.removeEventListener('abort', onAbort);
      worker.unref();
    },
  };
}
