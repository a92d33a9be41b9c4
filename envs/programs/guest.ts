import release from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type CustomizeVariantOptions,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { randomStream } from '../../core/seeds.ts';
import { WORLD_CLOCK_START_MILLISECONDS, type ProgramLimits } from './limits.ts';
import { prelude, type Guest as Prelude, type GuestHost } from './guest-prelude.ts';
import { guestWatch } from './guest-watch.ts';
import { guestWords } from './guest-words.ts';
import type { GuestCall, GuestResult, Variables } from './messages.ts';
import { webAssembly, type CompiledModule } from './web-assembly.ts';

/** Its types are those of the form in which other modules are read. */
const variant = release as unknown as QuickJSSyncVariant;

/** Why a sandbox is of no use any more. */
export type FaultKind = 'fuel' | 'memory' | 'depth' | 'inside';

export class GuestFault extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }
}

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
const ownText = `((host, textUnits) => (${prelude.toString()})(host, textUnits, (${guestWords.toString()})(), (${guestWatch.toString()})()))`;

/** UTF-16 units of everything that a program logs; what is logged beyond it is counted. */
const mostLogUnits = 200_000;

/** A new interpreter. Nothing in it hangs on the machine or on what other interpreters did. */
export async function newGuest(limits: ProgramLimits, module: CompiledModule): Promise<Guest> {
  const wasmMemory = new webAssembly.Memory({ initial: 256, maximum: limits.memoryPages });
  const parts = { wasmMemory, wasmModule: module } as unknown as CustomizeVariantOptions;
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, parts));
  const context = quickjs.newContext();
  const { runtime } = context;
  let ticks = 0;
  runtime.setInterruptHandler(() => ++ticks > limits.fuelTicks);

  let [instant, random] = [WORLD_CLOCK_START_MILLISECONDS, randomStream(0).uniform];
  let lines: string[] = [];
  let [logUnits, unlogged] = [0, 0];
  let made: { readonly id: number; readonly call: GuestCall }[] = [];
  let waiting: readonly number[] = [];
  let callCount = 0;
  let ended: Ending | undefined;

  const host = context.newObject();
  const offer = (name: keyof GuestHost, work: (...args: readonly QuickJSHandle[]) => QuickJSHandle | void) => {
    const handle = context.newFunction(name, work);
    context.setProp(host, name, handle);
    handle.dispose();
  };
  const textOf = (handle: QuickJSHandle | undefined): string => (handle ? context.getString(handle) : '');
  offer('clock', () => context.newNumber(instant++));
  offer('random', () => context.newNumber(random()));
  offer('log', (line) => {
    const text = textOf(line);
    if (logUnits + text.length > mostLogUnits) unlogged++;
    else lines.push(text);
    logUnits += text.length;
  });
  offer('ended', (kind, text, stack) => {
    ended ??= { kind: textOf(kind) as Ending['kind'], text: textOf(text), stack: textOf(stack) };
  });
  offer('call', (id, server, tool, args) => {
    const call = { server: textOf(server), tool: textOf(tool), args: textOf(args) };
    made.push({ id: id ? context.getNumber(id) : -1, call });
  });

  /** More is refused; the interpreter asks for it in pieces of a quarter of what it has. */
  const isFull = () => wasmMemory.buffer.byteLength > limits.memoryPages * 65_536 * 0.75;

  /** Does something with the interpreter that may go wrong in any of the ways in which it can. */
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GuestFault || error instanceof SyntaxError) throw error;
      if (ticks > limits.fuelTicks) throw new GuestFault('fuel', { cause: error });
      if (error instanceof RangeError) throw new GuestFault('depth', { cause: error });
      throw new GuestFault(isFull() ? 'memory' : 'inside', { cause: error });
    }
  };
  const valueOf = (result: ReturnType<typeof context.evalCode>): QuickJSHandle => {
    if (!result.error) return result.value;
    const { name, message } = context.dump(result.error) as { readonly name?: string; readonly message?: string };
    result.error.dispose();
    if (name === 'SyntaxError') throw new SyntaxError(message);
    throw new Error(`${name}: ${message}`);
  };

  const own = guarded(() => {
    const maker = valueOf(context.evalCode(ownText, 'own', { type: 'global' }));
    return valueOf(context.callFunction(maker, context.undefined, host, context.newNumber(limits.textUnits)));
  });
  const doors = new Map<string, QuickJSHandle>();
  /** Calls a door of the prelude, and reads what it gives. */
  const ask = (name: keyof Prelude, ...args: readonly (string | number | boolean | QuickJSHandle)[]): unknown => {
    let door = doors.get(name);
    if (door === undefined) doors.set(name, (door = context.getProp(own, name)));
    const handles = args.map((arg) => {
      if (typeof arg === 'string') return context.newString(arg);
      if (typeof arg === 'number') return context.newNumber(arg);
      return typeof arg === 'boolean' ? (arg ? context.true : context.false) : arg;
    });
    const result = valueOf(context.callFunction(door, context.undefined, ...handles));
    const value: unknown =
      context.typeof(result) === 'string'
        ? context.getString(result)
        : context.typeof(result) === 'boolean'
          ? context.dump(result)
          : undefined;
    for (const handle of [...handles, result]) handle.dispose();
    return value;
  };

  /** Runs until nothing is left to run, then says what the program waits for. */
  const driven = (): Step => {
    while (runtime.hasPendingJob()) {
      const result = runtime.executePendingJobs(1_024);
      if (result.error) {
        const { name, message } = context.dump(result.error) as { readonly name?: string; readonly message?: string };
        result.error.dispose();
        if (ticks > limits.fuelTicks || /out of memory|stack overflow/.test(message ?? ''))
          throw new Error(`${name}: ${message}`);
      }
    }
    if (ticks > limits.fuelTicks) throw new GuestFault('fuel');
    if (ended) {
      // Without memory even for an error the interpreter throws null.
      const isOfMemory = /^(null$|InternalError: out of memory)/.test(ended.text) && isFull();
      if (ended.kind === 'thrown' && isOfMemory) throw new GuestFault('memory');
      return { ended };
    }
    // What would go on may have found no memory for itself.
    if (made.length === 0 && isFull()) throw new GuestFault('memory');
    if (made.length === 0) return { ended: (ended = { kind: 'stuck', text: '', stack: '' }) };
    const batch = made;
    made = [];
    waiting = batch.map(({ id }) => id);
    callCount += batch.length;
    return { calls: batch.map(({ call }) => call) };
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
        [ticks, ended, made, waiting, lines, logUnits, unlogged, callCount] = [0, undefined, [], [], [], 0, 0, 0];
        const program = valueOf(context.evalCode(source, 'program', { type: 'global' }));
        ask('run', program);
        return driven();
      }),
    deliver: (results) =>
      guarded(() => {
        results.forEach((result, index) => {
          const id = waiting[index] as number;
          if (result.isOk) ask('settle', id, true, result.json);
          else ask('settle', id, false, result.message);
        });
        return driven();
      }),
    log: () => (unlogged === 0 ? lines : [...lines, `[${unlogged} more lines were logged than are kept.]`]),
    lost: () => guarded(() => JSON.parse(String(ask('lost'))) as string[]),
    changed: () => guarded(() => String(ask('changed'))),
    variables: () => {
      ticks = 0;
      return guarded(() => JSON.parse(String(ask('variables'))) as Variables);
    },
    leftOver: () => made.length,
  };
}
