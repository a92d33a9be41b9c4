import { faultEnd, lostBefore } from './endings.ts';
import { programLimits, type ProgramLimits } from './limits.ts';
import type { GuestCall, GuestResult, OpenRequest, ProgramEnd, Request, Variables } from './messages.ts';
import { converse, endThread, leaveThread, takeThread, type Thread } from './threads.ts';

/** Carries out calls in their order, and gives what each came to. What it rejects with ends the program. */
export type CarryOut = (calls: readonly GuestCall[]) => Promise<readonly GuestResult[]>;

/** Where the programs of one episode run: not in this thread, and with nothing of it in reach. */
export interface Sandbox {
  /** Rejects with what `carryOut` rejects with, with the signal's reason, and with `WorldFailure` where the thread breaks down. */
  readonly run: (code: string, carryOut: CarryOut, signal: AbortSignal) => Promise<ProgramEnd>;
  /** Ends the episode; the thread is kept for another. */
  readonly close: () => void;
}

export interface SandboxOptions extends Pick<OpenRequest, 'seed' | 'servers'> {
  readonly limits?: ProgramLimits;
}

/** Opens a sandbox for an episode, in a thread that an earlier one of these limits has left where there is one. */
export function openSandbox({ seed, servers, limits = programLimits }: SandboxOptions): Sandbox {
  let variables: Variables = {};
  let thread: Thread | undefined;
  const open = (): Thread => {
    const one = takeThread(limits);
    one.worker.postMessage({ kind: 'open', seed, servers, variables } satisfies Request);
    return one;
  };
  thread = open();
  const drop = () => {
    if (thread) endThread(thread);
    thread = undefined;
  };

  async function run(code: string, carryOut: CarryOut, signal: AbortSignal): Promise<ProgramEnd> {
    signal.throwIfAborted();
    // One that broke down between programs gives way to another, as after a program that took too long.
    const lost = thread?.failure ? lostOf() : [];
    if (thread?.failure) thread = undefined;
    const { ask, end } = converse((thread ??= open()), limits.wallMilliseconds, signal);
    try {
      for (let answer = await ask({ kind: 'run', code }); ;) {
        if (answer === null) {
          drop();
          return faultEnd('time', [], limits, lostOf());
        }
        if (answer.kind === 'ended') {
          ({ variables } = answer);
          return lost.length === 0 ? answer.end : { ...answer.end, notes: [...answer.end.notes, lostBefore(lost)] };
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
      if (thread) leaveThread(thread, limits);
      thread = undefined;
    },
  };
}
