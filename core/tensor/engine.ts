import { kernelBase64 } from './kernel-bytes.ts';

/** The kernel's functions; see `kernel.as`. All pointers are byte offsets into the engine's memory. */
export interface Kernel {
  readonly gemm: (
    a: number,
    rowStride: number,
    columnStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
    m: number,
    k: number,
    n: number,
    accumulate: boolean,
  ) => void;
  readonly gatherSum: (
    from: number,
    width: number,
    ids: number,
    weights: number,
    offsets: number,
    count: number,
    to: number,
    accumulate: boolean,
  ) => void;
  readonly scatterSum: (
    gradient: number,
    width: number,
    ids: number,
    weights: number,
    offsets: number,
    count: number,
    to: number,
  ) => void;
  readonly multiply: (a: number, b: number, c: number, count: number, accumulate: boolean) => void;
  readonly addScaled: (a: number, factor: number, c: number, count: number) => void;
  readonly softsign: (a: number, c: number, count: number) => void;
  readonly softsignBackward: (y: number, dy: number, dx: number, count: number) => void;
  readonly relu: (a: number, c: number, count: number) => void;
  readonly reluBackward: (y: number, dy: number, dx: number, count: number) => void;
  readonly logSoftmax: (a: number, offsets: number, segments: number, c: number) => void;
  readonly logSoftmaxBackward: (y: number, dy: number, offsets: number, segments: number, dx: number) => void;
  readonly adam: (
    weights: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    scale: number,
  ) => void;
  readonly sumOfSquares: (a: number, count: number) => number;
}

/** One memory with the kernel over it: a bump arena of 16-byte aligned blocks, released back to a mark. */
export interface Engine {
  readonly kernel: Kernel;
  /** The whole memory, in 4-byte cells: cell = pointer / 4. Never detached, for the memory does not grow. */
  readonly floats: Float32Array;
  readonly cells: Uint32Array;
  /** Zeroed block of so many 4-byte cells; its pointer. Throws `RangeError` when the arena is full. */
  readonly allocate: (cells: number) => number;
  readonly mark: () => number;
  readonly release: (mark: number) => void;
}

/** What is used of the global `WebAssembly`, which Node has but its types do not declare. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
}

const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
const compiled = new webAssembly.Module(Buffer.from(kernelBase64, 'base64'));

function abort(): never {
  throw new Error('the tensor kernel aborted');
}

/** Pages are touched only when used, so a generous size costs address space, not memory. */
export function makeEngine(mebibytes = 256): Engine {
  const pages = mebibytes * 16;
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new webAssembly.Instance(compiled, { env: { memory, abort } });
  const floats = new Float32Array(memory.buffer);
  let top = 65_536;
  return {
    kernel: instance.exports as unknown as Kernel,
    floats,
    cells: new Uint32Array(memory.buffer),
    allocate: (cells) => {
      const pointer = top;
      const end = pointer + ((cells * 4 + 15) & ~15);
      if (end > memory.buffer.byteLength)
        throw new RangeError(`The tensor arena of ${mebibytes} MiB is full; make the batch smaller.`);
      top = end;
      floats.fill(0, pointer >> 2, end >> 2);
      return pointer;
    },
    mark: () => top,
    release: (mark) => {
      top = mark;
    },
  };
}
