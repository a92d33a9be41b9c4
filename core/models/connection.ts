import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, PolicyFailure } from '../errors.ts';
import { randomStream } from '../seeds.ts';
import { EndpointFault, faultText, LastingFault } from './fault.ts';
import { patientFetch } from '../patient-fetch.ts';

export interface ConnectionOptions {
  /** For sentences, e.g. `Ollama at http://127.0.0.1:11434`. */
  readonly endpoint: string;
  /** Seed of the jitter. */
  readonly seed: number;
  /** Most tries of one request. Default 5. */
  readonly attempts?: number;
  /** All tries of one request after the first, pauses included. Default 120,000. */
  readonly retryMilliseconds?: number;
  /** First pause; it doubles with each try, to at most 30 s. Default 1,000. */
  readonly backoffMilliseconds?: number;
  /** One try, headers to last byte. Default 280,000. */
  readonly timeoutMilliseconds?: number;
  /** Rate ceiling. Default none. */
  readonly requestsPerMinute?: number;
  /** Longest reply. Default 4 MiB. */
  readonly replyBytes?: number;
}

export const defaultTimeoutMilliseconds = 280_000;

export interface RequestExceptions {
  /** In place of the connection's. */
  readonly timeoutMilliseconds?: number;
  readonly attempts?: number;
}

export interface Connection {
  /**
   * Runs one request under the ceilings, tried again after passing faults, which `work` may throw, too, and after network
   * errors. `work` must pass its `exchange` on as fetch. Rejects with `LastingFault` where every try failed so, with
   * `EndpointFault` for other answers, else with `PolicyFailure`.
   */
  readonly request: <T>(
    work: (exchange: typeof fetch) => Promise<T>,
    signal: AbortSignal,
    exceptions?: RequestExceptions,
  ) => Promise<T>;
}

const longestBackoffMilliseconds = 30_000;

/** How a client meets its endpoint: ceilings, time-outs, retries with jitter. Clock and timers live here and nowhere else in core/models. */
export function connect(options: ConnectionOptions): Connection {
  const { endpoint, retryMilliseconds = 120_000, backoffMilliseconds = 1_000 } = options;
  const { requestsPerMinute = Infinity, replyBytes = 4 * 2 ** 20 } = options;
  const jitter = randomStream(options.seed);
  let nextStart = 0;

  const waitForTurn = async (signal: AbortSignal) => {
    const now = performance.now();
    const start = Math.max(now, nextStart);
    nextStart = start + 60_000 / requestsPerMinute;
    if (start > now) await delay(start - now, undefined, { signal });
  };

  const pauseAfter = async (attempt: number, failure: unknown, leftMilliseconds: number, signal: AbortSignal) => {
    const asked = failure instanceof EndpointFault ? failure.waitMilliseconds : null;
    const backoff = Math.min(longestBackoffMilliseconds, backoffMilliseconds * 2 ** (attempt - 1));
    const pause = asked ?? backoff * (0.5 + jitter.uniform() / 2);
    if (asked !== null && asked > leftMilliseconds) {
      throw new LastingFault(
        `${endpoint} ${answerOf(failure)} and asks to wait ${Math.round(asked / 1000)} s, longer than the ` +
          `${Math.round(leftMilliseconds / 1000)} s that are left for tries`,
        { cause: failure },
      );
    }
    await delay(Math.min(pause, leftMilliseconds), undefined, { signal });
  };

  const request: Connection['request'] = async (work, signal, exceptions = {}) => {
    const timeoutMilliseconds =
      exceptions.timeoutMilliseconds ?? options.timeoutMilliseconds ?? defaultTimeoutMilliseconds;
    const attempts = exceptions.attempts ?? options.attempts ?? 5;
    let failedAt: number | undefined;
    for (let attempt = 1; ; attempt++) {
      await waitForTurn(signal);
      const timeout = AbortSignal.timeout(timeoutMilliseconds);
      try {
        return await work(exchangeUnder(AbortSignal.any([signal, timeout]), endpoint, replyBytes));
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) {
          throw new LastingFault(`${endpoint} did not answer within ${timeoutMilliseconds / 1000} s`, { cause: error });
        }
        if (!isPassing(error)) throw error;
        failedAt ??= performance.now();
        const left = retryMilliseconds - (performance.now() - failedAt);
        if (attempt >= attempts || left <= 0) {
          throw new LastingFault(`${endpoint} ${answerOf(error)}, ${attempt === 1 ? '1 try' : `${attempt} tries`}`, {
            cause: error,
          });
        }
        await pauseAfter(attempt, error, left, signal);
      }
    }
  };
  return { request };
}

const answerOf = (error: unknown): string =>
  error instanceof EndpointFault
    ? `answered ${error.status} (${error.message})`
    : `cannot be reached (${messageOf(error)})`;

const isPassing = (error: unknown): boolean =>
  error instanceof EndpointFault ? error.isPassing : isNetworkError(error);

/** What fetch rejects with when the network fails, before or within the body. */
export const isNetworkError = (error: unknown): boolean =>
  error instanceof TypeError && /fetch failed|terminated|network/i.test(error.message);

/** Fetch that fails on anything but 2xx and on a reply longer than allowed. */
function exchangeUnder(signal: AbortSignal, endpoint: string, replyBytes: number): typeof fetch {
  return async (url, init) => {
    const response = await patientFetch(url, { ...init, signal });
    const body = response.body?.pipeThrough(limitTo(replyBytes, endpoint)) ?? null;
    const bounded = new Response(body, { status: response.status, headers: response.headers });
    if (response.ok) return bounded;
    throw new EndpointFault(response.status, faultText(await bounded.text()), retryAfter(response.headers));
  };
}

function limitTo(bytes: number, endpoint: string): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      seen += chunk.byteLength;
      if (seen > bytes) controller.error(new PolicyFailure(`${endpoint} sent a reply of more than ${bytes} bytes.`));
      else controller.enqueue(chunk);
    },
  });
}

function retryAfter(headers: Headers): number | null {
  const exact = Number(headers.get('retry-after-ms') ?? NaN);
  if (exact >= 0) return exact;
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = Number(value);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
