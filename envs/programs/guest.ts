import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { randomStream } from '../../core/seeds.ts';
import { guestCalls } from './guest-calls.ts';
import type { Guest as Doors, GuestHost } from './guest-host.ts';
import { prelude } from './guest-prelude.ts';
import { guestSurroundings } from './guest-surroundings.ts';
import { guestWatch } from './guest-watch.ts';
import { guestWords } from './guest-words.ts';
import { GuestFault, newInterpreter, type Interpreter } from './interpreter.ts';
import { WORLD_CLOCK_START_MILLISECONDS, type ProgramLimits } from './limits.ts';
import type { GuestCall, GuestResult, Variables } from './messages.ts';
import type { CompiledModule } from './web-assembly.ts';

/** How a program ended, in the words of the prelude. */
export interface Ending {
  readonly kind: Parameters<GuestHost['ended']>[0] | 'stuck';
  readonly text: string;
  readonly stack: string;
}

/** Where a program waits: for the results of these calls, or for nothing, since it has ended. */
export type Step = { readonly calls: readonly GuestCall[] } | { readonly ended: Ending };

/** An interpreter with a memory of its own, for the programs of one episode. All of it throws `GuestFault`, and is of no use then. */
export interface Guest {
  readonly open: (seed: number, servers: readonly string[], variables: Variables) => void;
  readonly isTaken: (name: string) => boolean;
  /** Runs a program until it waits. Throws `SyntaxError` where the interpreter cannot read what our parser can. */
  readonly run: (source: string) => Step;
  /** Gives it the results of the calls that it waits for, in their order. */
  readonly deliver: (results: readonly GuestResult[]) => Step;
  readonly log: () => readonly string[];
  /** What failed and nobody waited for. */
  readonly lost: () => readonly string[];
  /** What of the language it has changed; '' for nothing. */
  readonly changed: () => string;
  readonly variables: () => Variables;
  /** Calls that were made as the program ended, and so were not carried out. */
  readonly leftOver: () => number;
}

/** What is evaluated before any program: a function of the host and the bound of texts. */
const ownText = `((host, textUnits) => {
  const words = (${guestWords.toString()})(textUnits);
  (${guestSurroundings.toString()})(host, words);
  return (${prelude.toString()})(host, textUnits, words, (${guestCalls.toString()})(host, words), (${guestWatch.toString()})());
})`;

/** UTF-16 units of everything that a program logs; what is logged beyond it is counted. */
const mostLogUnits = 200_000;

/** What a program has told the thread around it. */
interface Heard {
  readonly lines: string[];
  logUnits: number;
  /** Lines that were too many. */
  unlogged: number;
  made: { readonly id: number; readonly call: GuestCall }[];
  ended: Ending | undefined;
}

const nothing = (): Heard => ({ lines: [], logUnits: 0, unlogged: 0, made: [], ended: undefined });

/** What the interpreter can call. `heard`: of the program that runs. */
function hostOf({ context }: Interpreter, heard: () => Heard, random: () => number): QuickJSHandle {
  let instant = WORLD_CLOCK_START_MILLISECONDS;
  const textOf = (handle: QuickJSHandle | undefined): string => (handle ? context.getString(handle) : '');
  const functions: Record<keyof GuestHost, (...args: readonly QuickJSHandle[]) => QuickJSHandle | void> = {
    clock: () => context.newNumber(instant++),
    random: () => context.newNumber(random()),
    log: (line) => {
      const [text, now] = [textOf(line), heard()];
      if (now.logUnits + text.length > mostLogUnits) now.unlogged++;
      else now.lines.push(text);
      now.logUnits += text.length;
    },
    ended: (kind, text, stack) => {
      heard().ended ??= { kind: textOf(kind) as Ending['kind'], text: textOf(text), stack: textOf(stack) };
    },
    call: (id, server, tool, args) => {
      const call = { server: textOf(server), tool: textOf(tool), args: textOf(args) };
      heard().made.push({ id: id ? context.getNumber(id) : -1, call });
    },
  };
  const host = context.newObject();
  for (const [name, work] of Object.entries(functions))
    context.newFunction(name, work).consume((handle) => context.setProp(host, name, handle));
  return host;
}

type Argument = string | number | boolean | QuickJSHandle;

/** Calls a door of what stands in the interpreter, and reads the text or the truth that it gives. */
function doorsOf(
  { context, valueOf }: Interpreter,
  own: QuickJSHandle,
): (name: keyof Doors, ...args: readonly Argument[]) => unknown {
  const doors = new Map<string, QuickJSHandle>();
  const handleOf = (arg: Argument): QuickJSHandle => {
    if (typeof arg === 'string') return context.newString(arg);
    if (typeof arg === 'number') return context.newNumber(arg);
    return typeof arg === 'boolean' ? (arg ? context.true : context.false) : arg;
  };
  return (name, ...args) => {
    let door = doors.get(name);
    if (door === undefined) doors.set(name, (door = context.getProp(own, name)));
    const handles = args.map(handleOf);
    const result = valueOf(context.callFunction(door, context.undefined, ...handles));
    const isRead = ['string', 'boolean'].includes(context.typeof(result));
    const value: unknown = isRead ? context.dump(result) : undefined;
    for (const handle of [...handles, result]) handle.dispose();
    return value;
  };
}

/** A new sandbox, in which no program has run. */
export async function newGuest(limits: ProgramLimits, module: CompiledModule): Promise<Guest> {
  const interpreter = await newInterpreter(limits, module);
  const { context, guarded, valueOf, drain, refuel, isFull } = interpreter;
  let heard = nothing();
  let random = randomStream(0).uniform;
  let waiting: readonly number[] = [];
  const ask = guarded(() => {
    const host = hostOf(
      interpreter,
      () => heard,
      () => random(),
    );
    const maker = valueOf(context.evalCode(ownText, 'own', { type: 'global' }));
    const own = valueOf(context.callFunction(maker, context.undefined, host, context.newNumber(limits.textUnits)));
    return doorsOf(interpreter, own);
  });

  /** Runs until nothing is left to run, then says what the program waits for. */
  const driven = (): Step => {
    drain();
    const { ended, made } = heard;
    if (ended) {
      // Without memory even for an error the interpreter throws null.
      const isOfMemory = /^(null$|InternalError: out of memory)/.test(ended.text) && isFull();
      if (ended.kind === 'thrown' && isOfMemory) throw new GuestFault('memory');
      return { ended };
    }
    // What would go on may have found no memory for itself.
    if (made.length === 0 && isFull()) throw new GuestFault('memory');
    if (made.length === 0) return { ended: { kind: 'stuck', text: '', stack: '' } };
    heard.made = [];
    waiting = made.map(({ id }) => id);
    return { calls: made.map(({ call }) => call) };
  };

  return {
    open: (seed, servers, variables) =>
      guarded(() => {
        random = randomStream(seed).uniform;
        ask('open', ...servers);
        for (const [name, json] of Object.entries(variables)) if (json !== null) ask('restore', name, json);
      }),
    isTaken: (name) => guarded(() => ask('isTaken', name) === true),
    run: (source) =>
      guarded(() => {
        heard = nothing();
        refuel();
        ask('run', valueOf(context.evalCode(source, 'program', { type: 'global' })));
        return driven();
      }),
    deliver: (results) =>
      guarded(() => {
        results.forEach((result, index) => {
          ask('settle', waiting[index] as number, result.isOk, result.isOk ? result.json : result.message);
        });
        return driven();
      }),
    log: () => {
      const { lines, unlogged } = heard;
      return unlogged === 0 ? lines : [...lines, `[${unlogged} more lines were logged than are kept.]`];
    },
    lost: () => guarded(() => JSON.parse(String(ask('lost'))) as string[]),
    changed: () => guarded(() => String(ask('changed'))),
    variables: () => {
      refuel();
      return guarded(() => JSON.parse(String(ask('variables'))) as Variables);
    },
    leftOver: () => heard.made.length,
  };
}
