import { WorldFailure } from '../../core/errors.ts';
import type { Call, ViewReply } from '../../core/types.ts';
import { callsThrough, type CarriedOut, type CarryOutOptions } from './carry-out.ts';
import { programLimits } from './limits.ts';
import type { GuestCall, GuestResult, ProgramEnd } from './messages.ts';
import type { Sandbox } from './sandbox.ts';

export interface ProgramRunOptions extends CarryOutOptions {
  readonly sandbox: () => Sandbox;
  readonly signal: AbortSignal;
}

/**
 * Runs programs whose calls go through the view: what is loaded, refused and recorded is as if the policy had called itself. Calls
 * that a program makes together are carried out in their order on each server, and at the same time on several, which share nothing; results
 * and record are in the order in which they were made. Of a program that a broken world ends, what it did until then stays.
 */
export function programRun({ sandbox, signal, ...through }: ProgramRunOptions): (code: string) => Promise<ViewReply> {
  const carryOutOne = callsThrough(through);
  return async (code) => {
    const inside: Call[] = [];
    const told = new Set<string>();
    let made = 0;
    const carryOut = async (calls: readonly GuestCall[]): Promise<GuestResult[]> => {
      const allowed = calls.slice(0, Math.max(0, programLimits.calls - made));
      made += calls.length;
      const results: GuestResult[] = [];
      for (const settled of await serverByServer(allowed, carryOutOne, signal)) {
        if (settled.status === 'rejected') throw settled.reason;
        const { call, result, beside } = settled.value;
        inside.push(call);
        results.push(result);
        if (beside !== '') told.add(beside);
      }
      return [...results, ...calls.slice(allowed.length).map(() => tooMany)];
    };
    try {
      const end = await sandbox().run(code, carryOut, signal);
      return { ...replyOf(end, [...told]), inside };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof WorldFailure)) throw error;
      return { ...replyOf(brokenEnd(error), []), inside, broken: { error } };
    }
  };
}

const tooMany: GuestResult = {
  isOk: false,
  message: `A program may make ${programLimits.calls} calls, and this one has made them. Make the others in another program.`,
};

/** What comes behind a call that a broken world did not answer is not carried out on its server. */
function serverByServer(
  calls: readonly GuestCall[],
  carryOut: (call: GuestCall) => Promise<CarriedOut>,
  signal: AbortSignal,
): Promise<PromiseSettledResult<CarriedOut>[]> {
  const last = new Map<string, Promise<unknown>>();
  return Promise.allSettled(
    calls.map(async (call) => {
      const before = last.get(call.server);
      const mine = (async () => {
        await before;
        signal.throwIfAborted();
        return carryOut(call);
      })();
      last.set(call.server, mine);
      return mine;
    }),
  );
}

const brokenEnd = (error: WorldFailure): ProgramEnd => ({
  hasRun: true,
  isError: true,
  log: [],
  said: `The program was stopped: ${error.message}`,
  notes: [],
});

/** What the policy is shown: what the program logged, what it returned, and what else there is to tell. */
function replyOf({ hasRun, isError, log, said, notes }: ProgramEnd, told: readonly string[]): ViewReply {
  const lines = [...log, ...(said === '' ? [] : [said]), ...notes.map((note) => `[${note}]`), ...told];
  return {
    observation: {
      text: lines.length === 0 ? '(The program ended, and neither returned nor logged anything.)' : lines.join('\n'),
      isError,
      source: hasRun ? 'results' : 'history',
      server: '',
      cutTokens: 0,
    },
    event: { kind: hasRun ? 'ran' : 'refused', server: '', tools: [] },
  };
}
