import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { moduleEnding } from '../../core/list.ts';
import { faultEnd } from './endings.ts';
import { programLimits, type ProgramLimits } from './limits.ts';
import type { Answer, GuestCall, GuestResult, OpenRequest, ProgramEnd, Request, Variables } from './messages.ts';

/** Beside this file, without its ending. It stands here whole: by that `core/identity` finds it. */
const thread = new URL('./guest-thread', import.meta.url);

/** Carries out calls in their order, and gives what each came to. What it rejects with ends the program. */
export type CarryOut = (calls: readonly GuestCall[]) => Promise<readonly GuestResult[]>;

/** Where the programs of one episode run: not in this thread, and with nothing of it in reach. */
export interface Sandbox {
  /** Rejects with what `carryOut` rejects with, and with the signal's reason. */
  readonly run: (code: string, carryOut: CarryOut, signal: AbortSignal) => Promise<ProgramEnd>;
  /** Ends the episode; the thread is kept for another. */
  readonly close: () => void;
}

/** Threads that wait for an episode, each with an interpreter made ready, by the limits of their programs. */
const idleThreads = new WeakMap<ProgramLimits, Worker[]>();
const mostIdle = 8;

const startThread = (limits: ProgramLimits): Worker => {
  const worker = new Worker(fileURLToPath(thread) + moduleEnding, { workerData: limits, stdin: true });
  worker.unref();
  return worker;
};

export interface SandboxOptions extends Pick<OpenRequest, 'seed' | 'servers'> {
  readonly limits?: ProgramLimits;
}

/** Opens a sandbox for an episode, in a thread that an earlier one of these limits has left where there is one. */
export function openSandbox({ seed, servers, limits = programLimits }: SandboxOptions): Sandbox {
  const idle = idleThreads.get(limits) ?? [];
  idleThreads.set(limits, idle);
  let variables: Variables = {};
  let worker: Worker | undefined;
  const open = (): Worker => {
    const one = idle.pop() ?? startThread(limits);
    one.postMessage({ kind: 'open', seed, servers, variables } satisfies Request);
    return one;
  };
  worker = open();
  const drop = () => {
    void worker?.terminate();
    worker = undefined;
  };

  async function run(code: string, carryOut: CarryOut, signal: AbortSignal): Promise<ProgramEnd> {
    signal.throwIfAborted();
    const one = (worker ??= open());
    const { ask, end } = converse(one, limits.wallMilliseconds, signal);
    try {
      for (let answer = await ask({ kind: 'run', code }); ;) {
        if (answer === null) {
          drop();
          return faultEnd('time', [], limits, lostOf());
        }
        if (answer.kind === 'ended') {
          ({ variables } = answer);
          return answer.end;
        }
        answer = await ask({ kind: 'results', results: await carryOut(answer.calls) });
      }
    } catch (error) {
      drop();
      throw error;
    } finally {
      end();
    }
  }

  /** What goes with a thread that was ended. */
  const lostOf = (): readonly string[] => {
    const lost = Object.keys(variables).filter((name) => variables[name] === null);
    variables = Object.fromEntries(Object.entries(variables).filter(([, json]) => json !== null));
    return lost;
  };

  return {
    run,
    close: () => {
      if (worker && idle.length < mostIdle) {
        worker.postMessage({ kind: 'close' } satisfies Request);
        idle.push(worker);
        worker = undefined;
      } else drop();
    },
  };
}

interface Conversation {
  /** What the thread says next; `null` where it says nothing in time. Rejects where it broke down, or the signal says so. */
  readonly ask: (request: Request) => Promise<Answer | null>;
  readonly end: () => void;
}

/** Talks with a thread, which holds the process until the end. */
function converse(worker: Worker, milliseconds: number, signal: AbortSignal): Conversation {
  let hear: ((answer: Answer) => void) | undefined;
  let fail: ((error: unknown) => void) | undefined;
  const onMessage = (answer: Answer) => hear?.(answer);
  const onError = (error: unknown) => fail?.(error);
  const onAbort = () => fail?.(signal.reason);
  worker.on('message', onMessage);
  worker.on('error', onError);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.ref();
  return {
    ask: (request) =>
      new Promise<Answer | null>((resolve, reject) => {
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
      worker.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      worker.unref();
    },
  };
}
