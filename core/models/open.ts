import { UsageError } from '../errors.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import { withCeilings, type Ceilings } from './ceilings.ts';
import type { ConnectionOptions } from './connection.ts';
import type { EndpointWishes } from './endpoint-settings.ts';
import type { ModelClient } from './model-client.ts';

export const clientKinds = ['llama', 'ollama', 'openai'] as const;
/** Where a model runs: in this process, on an Ollama server, or behind OpenAI's chat completions. */
export type ClientKind = (typeof clientKinds)[number];

/** What a user allows a model endpoint to cost, and how long to take; `prices` are by policy. */
export type EndpointCeilings = Pick<ConnectionOptions, 'requestsPerMinute' | 'timeoutMilliseconds'> &
  Ceilings & { readonly prices?: Readonly<Record<string, Ceilings['price']>> };

export interface OpenClientOptions extends EndpointCeilings {
  readonly kind: ClientKind;
  /** As the server calls it; for `llama` the path of a GGUF file. */
  readonly model: string;
  /** Seed of the jitter between two tries. */
  readonly seed: number;
  /** Most tries of one request; none is tried again by `llama`. */
  readonly attempts?: number;
  /** Whose tokens prompts to servers have; `llama` has its own. Default: Qwen3's. */
  readonly counter?: TokenCounter | undefined;
  /** What its name says of the endpoint. Default: the environment's. */
  readonly wishes?: EndpointWishes;
  /** CPU threads of `llama`; servers are told with each request. Default: the client's own. */
  readonly threads?: number;
}

/**
 * Opens a model by where it runs; nothing is asked of it yet. Servers are those of OLLAMA_HOST and OPENAI_BASE_URL unless its name says another. The
 * rate ceiling holds for servers: nobody else waits for this machine's processor.
 */
export async function openClient(options: OpenClientOptions): Promise<ModelClient> {
  return withCeilings(await unboundedClient(options), options, options.counter);
}

async function unboundedClient(options: OpenClientOptions): Promise<ModelClient> {
  const {
    kind,
    model,
    seed,
    attempts,
    timeoutMilliseconds,
    requestsPerMinute,
    threads,
    counter,
    wishes = {},
  } = options;
  const bounds = definedOf({ timeoutMilliseconds });
  if (kind === 'llama') {
    const [wish] = Object.keys(wishes);
    if (wish !== undefined)
      throw new UsageError(
        `A llama model runs in this process and has no endpoint: leave out what its name says of ${wish}.`,
      );
    const { default: llamaClient } = await import('./llama.ts');
    return llamaClient({ path: model, ...bounds, ...definedOf({ threads }) });
  }
  const connection = { model, seed, ...bounds, ...definedOf({ attempts, requestsPerMinute, counter }) };
  const { baseUrl, keyEnv, functionSearch, ...others } = wishes;
  if (kind === 'openai') {
    const { default: openAiClient } = await import('./openai.ts');
    return openAiClient({ ...connection, ...wishes });
  }
  if (functionSearch)
    throw new UsageError(
      'Ollama searches no deferred functions: leave out tools=deferred. --view search finds tools on any endpoint.',
    );
  const { default: ollamaClient } = await import('./ollama.ts');
  const host = baseUrl ?? (process.env['OLLAMA_HOST'] || undefined);
  return ollamaClient({ ...connection, ...others, ...definedOf({ host, key: keyEnv && keyIn(keyEnv) }) });
}

function keyIn(variable: string): string {
  const key = process.env[variable];
  if (key) return key;
  throw new UsageError(`The variable ${variable} holds no key. Set it, or leave out key-env.`);
}

/** Threads by the variable of llama.cpp's own programs, LLAMA_ARG_THREADS. Throws `UsageError` where it is no number. */
export function threadsOfEnvironment(): number | undefined {
  const threads = process.env['LLAMA_ARG_THREADS'];
  if (!threads) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(threads)) {
    throw new UsageError(`LLAMA_ARG_THREADS is "${threads}". Set it to a number of threads, or leave it out.`);
  }
  return Number(threads);
}

type Defined<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };

/** An option that is left out has the client's default. */
const definedOf = <Options extends object>(options: Options): Defined<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<Options>;
