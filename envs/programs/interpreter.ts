import release from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type CustomizeVariantOptions,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import type { ProgramLimits } from './limits.ts';
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

type Result = ReturnType<QuickJSContext['evalCode']>;

/** QuickJS with a memory of its own, counted steps, and one kind of exception for whatever breaks it. */
export interface Interpreter {
  readonly context: QuickJSContext;
  /** Gives it the steps of a program. */
  readonly refuel: () => void;
  /** Its memory is about as large as it may become: it asks for more in pieces of a quarter of what it has. */
  readonly isFull: () => boolean;
  /** Does something with it that may go wrong in any of the ways in which it can. Throws `GuestFault`, and `SyntaxError` as it is. */
  readonly guarded: <T>(work: () => T) => T;
  /** What came of an evaluation. Throws where that was an exception. */
  readonly valueOf: (result: Result) => QuickJSHandle;
  /** Does all that is left to do. Throws where that takes too many steps or too much memory. */
  readonly drain: () => void;
}

/** A new interpreter. Nothing in it hangs on the machine or on what other interpreters did. */
export async function newInterpreter(limits: ProgramLimits, module: CompiledModule): Promise<Interpreter> {
  const wasmMemory = new webAssembly.Memory({ initial: 256, maximum: limits.memoryPages });
  const parts = { wasmMemory, wasmModule: module } as unknown as CustomizeVariantOptions;
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, parts));
  const context = quickjs.newContext();
  const { runtime } = context;
  let ticks = 0;
  const isSpent = () => ticks > limits.fuelTicks;
  runtime.setInterruptHandler(() => {
    ticks++;
    return isSpent();
  });
  const isFull = () => wasmMemory.buffer.byteLength > limits.memoryPages * 65_536 * 0.75;
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GuestFault || error instanceof SyntaxError) throw error;
      if (isSpent()) throw new GuestFault('fuel', { cause: error });
      if (error instanceof RangeError) throw new GuestFault('depth', { cause: error });
      throw new GuestFault(isFull() ? 'memory' : 'inside', { cause: error });
    }
  };
  const thrownBy = (handle: QuickJSHandle) => {
    const { name, message = '' } = context.dump(handle) as { readonly name?: string; readonly message?: string };
    handle.dispose();
    return name === 'SyntaxError' ? new SyntaxError(message) : new Error(`${name}: ${message}`);
  };
  return {
    context,
    refuel: () => {
      ticks = 0;
    },
    isFull,
    guarded,
    valueOf: (result) => {
      if (result.error) throw thrownBy(result.error);
      return result.value;
    },
    drain: () => {
      while (runtime.hasPendingJob()) {
        const result = runtime.executePendingJobs(1_024);
        if (!result.error) continue;
        const error = thrownBy(result.error);
        if (isSpent() || /out of memory|stack overflow/.test(error.message)) throw error;
      }
      if (isSpent()) throw new GuestFault('fuel');
    },
  };
}
