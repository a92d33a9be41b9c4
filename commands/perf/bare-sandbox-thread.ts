import release from '@jitl/quickjs-wasmfile-release-sync';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type CustomizeVariantOptions,
  type QuickJSDeferredPromise,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { webAssembly } from '../../envs/programs/web-assembly.ts';

/**
 * The least that runs a program in a thread of its own: a new interpreter of bounded memory for each, one function of the host, JSON
 * over messages. It guards against nothing, and tells nothing.
 */
const port = parentPort;
if (port === null) throw new Error('bare-sandbox-thread belongs into a worker thread');
const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
const wasmModule = new webAssembly.Module(readFileSync(path));

export type BareRequest = { readonly code: string } | { readonly result: string };
export type BareAnswer = { readonly call: string } | { readonly value: string };

let answer: (result: string) => void = () => undefined;

async function run(code: string): Promise<void> {
  const wasmMemory = new webAssembly.Memory({ initial: 256, maximum: 1_024 });
  const parts = { wasmMemory, wasmModule } as unknown as CustomizeVariantOptions;
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(release as unknown as QuickJSSyncVariant, parts));
  const context = quickjs.newContext();
  let waiting: QuickJSDeferredPromise | undefined;
  const call = context.newFunction('call', (given) => {
    waiting = context.newPromise();
    port?.postMessage({ call: context.getString(given) } satisfies BareAnswer);
    return waiting.handle;
  });
  context.setProp(context.global, 'call', call);
  const done = context.newFunction('done', (value) => {
    port?.postMessage({ value: context.getString(value) } satisfies BareAnswer);
  });
  context.setProp(context.global, 'done', done);
  answer = (result) => {
    waiting?.resolve(context.newString(result));
    context.runtime.executePendingJobs();
  };
  context.unwrapResult(context.evalCode(`(async () => done(JSON.stringify(await (async () => {${code}})())))()`));
  context.runtime.executePendingJobs();
}

port.on('message', (request: BareRequest) => {
  if ('code' in request) void run(request.code);
  else answer(request.result);
});
