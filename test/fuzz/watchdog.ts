import { isMainThread, Worker, workerData } from 'node:worker_threads';

/*
 * A reader that never comes back would keep its test from ever failing: nothing in the same thread can interrupt it. A thread
 * beside it looks on, and ends the process with a sentence when one input takes too long.
 */

const MOST_SECONDS = 120;
const LONGEST_TEXT = 400;

let shared: { readonly turn: Int32Array; readonly text: Uint8Array } | undefined;

/** Says what is being read from now on; call what it returns when it was read. */
export function atWork(what: string): () => void {
  shared ??= start();
  const { turn, text } = shared;
  const bytes = Buffer.from(what).subarray(0, LONGEST_TEXT);
  text.fill(0).set(bytes);
  Atomics.add(turn, 0, 1);
  Atomics.store(turn, 1, 1);
  return () => void Atomics.store(turn, 1, 0);
}

function start() {
  const turn = new Int32Array(new SharedArrayBuffer(8));
  const text = new Uint8Array(new SharedArrayBuffer(LONGEST_TEXT));
  new Worker(new URL(import.meta.url), { workerData: { turn, text } }).unref();
  return { turn, text };
}

interface Watched {
  readonly turn: Int32Array;
  readonly text: Uint8Array;
}

function watch({ turn, text }: Watched): void {
  let [last, seconds] = [-1, 0];
  setInterval(() => {
    const now = Atomics.load(turn, 0);
    seconds = Atomics.load(turn, 1) === 1 && now === last ? seconds + 1 : 0;
    last = now;
    if (seconds < MOST_SECONDS) return;
    process.stderr.write(`A reader hangs: ${Buffer.from(text).toString().replaceAll('\0', '')}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, 1_000);
}

if (!isMainThread && (workerData as Partial<Watched> | null)?.turn instanceof Int32Array) watch(workerData as Watched);
