/*
 * Node's own fetch gives up where headers, or the next piece of a body, take longer than 300 seconds. Its word for how a request
 * is carried out, the dispatcher, is no export of Node's, but stands under this symbol, which undici promises to its own versions.
 */

const dispatcherKey = Symbol.for('undici.globalDispatcher.1');

type Dispatcher = NonNullable<RequestInit['dispatcher']>;
type Waits = Readonly<Record<'headersTimeout' | 'bodyTimeout', number>>;

/** Made anew of the same kind as the usual one, so that proxies of the environment are heeded; undefined where there is none. */
function dispatcherWithoutWaits(): Dispatcher | undefined {
  // Node fills the place when its fetch is first looked at.
  void Headers.prototype;
  const usual = (globalThis as Readonly<Record<symbol, unknown>>)[dispatcherKey] as object | undefined;
  const Kind = usual?.constructor as (new (waits: Waits) => Dispatcher) | undefined;
  return Kind && new Kind({ headersTimeout: 0, bodyTimeout: 0 });
}

let dispatcher: Dispatcher | undefined;

/** Fetch that waits until its signal is aborted. */
export const patientFetch: typeof fetch = (url, init) => {
  dispatcher ??= dispatcherWithoutWaits();
  return fetch(url, dispatcher === undefined ? init : { ...init, dispatcher });
};
