import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, PolicyFailure } from '../errors.ts';
import { randomStream } from '../seeds.ts';

export interface ConnectionOptions {
  /** For sentences, e.g. `Ollama at http://127.0.0.1:11434`. */
  readonly endpoint: string;
  /** What a user does when it does not answer. */
  readonly cure: string;
  /** Seed of the jitter. */
  readonly seed: number;
  /** Most tries of one request. Default 5. */
  readonly attempts?: number;
  /** First pause; it doubles with each try, to at most 30 s. Default 500. */
  readonly backoffMilliseconds?: number;
  /** One try, headers to last byte. Default 280,000: Node's fetch gives up by itself at 300 s without headers. */
  readonly timeoutMilliseconds?: number;
  /** Rate ceiling. Default none. */
  readonly requestsPerMinute?: number;
  /** Cost ceiling over the connection's life, prompt and output together. Default none. */
  readonly totalTokens?: number;
  /** Longest reply. Default 4 MiB. */
  readonly replyBytes?: number;
}

/** An answer other than 2xx. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly status: number;
  /** What the server asks for by Retry-After; null where it does not. */
  readonly waitMilliseconds: number | null;

  constructor(status: number, message: string, waitMilliseconds: number | null) {
    super(message);
    this.status = status;
    this.waitMilliseconds = waitMilliseconds;
  }
}

export interface RequestExceptions {
  /** Answers that are not worth another try, though their status is. */
  readonly isFinal?: (failure: HttpFailure) => boolean;
  /** In place of the connection's. */
  readonly timeoutMilliseconds?: number;
}

export interface Connection {
  /**
   * Runs one request under the ceilings, tried again after 408, 429, 5xx and network errors but for the exceptions.
   * `work` must pass its `exchange` on as fetch. Rejects with `HttpFailure` for other answers, else `PolicyFailure`.
   */
  readonly request: <T>(
    work: (exchange: typeof fetch) => Promise<T>,
    signal: AbortSignal,
    exceptions?: RequestExceptions,
  ) => Promise<T>;
  /** Books tokens against the cost ceiling. */
  readonly spend: (tokens: number) => void;
}

const longestBackoffMilliseconds = 30_000;

/** How a client meets its endpoint: ceilings, time-outs, retries with jitter. Clock and timers live here and nowhere else in core/models. */
export function connect(options: ConnectionOptions): Connection {
  const { endpoint, cure, attempts = 5, backoffMilliseconds = 500 } = options;
  const { requestsPerMinute = Infinity, totalTokens = Infinity, replyBytes = 4 * 2 ** 20 } = options;
  const jitter = randomStream(options.seed);
  let spent = 0;
  let nextStart = 0;

  const waitForTurn = async (signal: AbortSignal) => {
    if (spent >= totalTokens) {
      throw new PolicyFailure(
        `The cost ceiling of ${totalTokens} tokens is reached (${spent} used at ${endpoint}). Raise it, or run fewer episodes.`,
      );
    }
    const now = performance.now();
    const start = Math.max(now, nextStart);
    nextStart = start + 60_000 / requestsPerMinute;
    if (start > now) await delay(start - now, undefined, { signal });
  };

  const pauseAfter = async (attempt: number, failure: unknown, longestMilliseconds: number, signal: AbortSignal) => {
    const requestedWait = failure instanceof HttpFailure ? failure.waitMilliseconds : null;
    if (requestedWait !== null && requestedWait > longestMilliseconds) {
      throw new PolicyFailure(
        `${endpoint} asks to wait ${Math.round(requestedWait / 1000)} s, longer than the time-out. ${cure}`,
      );
    }
    const backoff = Math.min(longestBackoffMilliseconds, backoffMilliseconds * 2 ** (attempt - 1));
    await delay(requestedWait ?? backoff * (0.5 + jitter.uniform() / 2), undefined, { signal });
  };

  const request: Connection['request'] = async (work, signal, exceptions = {}) => {
    const { isFinal = () => false, timeoutMilliseconds = options.timeoutMilliseconds ?? 280_000 } = exceptions;
    for (let attempt = 1; ; attempt++) {
      await waitForTurn(signal);
      const timeout = AbortSignal.timeout(timeoutMilliseconds);
      try {
        return await work(exchangeUnder(AbortSignal.any([signal, timeout]), endpoint, replyBytes));
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) {
          throw new PolicyFailure(`${endpoint} did not answer within ${timeoutMilliseconds / 1000} s. ${cure}`, {
            cause: error,
          });
        }
        if (!isTransient(error) || (error instanceof HttpFailure && isFinal(error))) throw error;
        if (attempt >= attempts) {
          const what = error instanceof HttpFailure ? `answered ${error.status}` : 'cannot be reached';
          throw new PolicyFailure(`${endpoint} ${what} (${messageOf(error)}), ${attempts} tries. ${cure}`, {
            cause: error,
          });
        }
        await pauseAfter(attempt, error, timeoutMilliseconds, signal);
      }
    }
  };
  return {
    request,
    spend: (tokens) => {
      spent += tokens;
    },
  };
}

function isTransient(error: unknown): boolean {
  if (error instanceof HttpFailure) return error.status === 408 || error.status === 429 || error.status >= 500;
  // what fetch rejects with when the network fails, before or within the body
  return error instanceof TypeError && /fetch failed|terminated|network/i.test(error.message);
}

/** Fetch that fails on anything but 2xx and on a reply longer than allowed. */
function exchangeUnder(signal: AbortSignal, endpoint: string, replyBytes: number): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, signal });
    const body = response.body?.pipeThrough(limitTo(replyBytes, endpoint)) ?? null;
    const bounded = new Response(body, { status: response.status, headers: response.headers });
    if (response.ok) return bounded;
    throw new HttpFailure(response.status, errorText(await bounded.text()), retryAfter(response.headers));
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

/** The sentence inside `{"error": "…"}` or `{"error": {"message": "…"}}`, else the beginning of the body. */
function errorText(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: string | { readonly message?: string } };
    const message = typeof error === 'string' ? error : error?.message;
    if (typeof message === 'string') return message;
  } catch {
    // no JSON: a proxy's page, perhaps
  }
  return body.trim().slice(0, 300) || 'no message';
}

function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = Number(value);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
