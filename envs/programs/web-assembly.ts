/** Compiled bytes, which any thread may make instances of. */
export type CompiledModule = object;

/** A memory that grows to its maximum and no further, and never shrinks. */
export interface BoundedMemory {
  readonly buffer: ArrayBuffer;
}

/** What is used of the global `WebAssembly`, which Node has but its types do not declare. Sizes are in pages of 64 KiB. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => BoundedMemory;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
