import { UsageError } from '../errors.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import { withCeilings, type Ceilings } from './ceilings.ts';
import { readNamedSettings, type KnownSettings } from '../settings.ts';
import { connect, type ConnectionOptions } from './connection.ts';
import type { EmbeddingClient } from './embeddings.ts';
import { endpointSettings, endpointWishes, type EndpointSettings, type EndpointWishes } from './endpoint-settings.ts';
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

/** What the name of a model that makes vectors may say of its endpoint. */
const embeddingSettings = {
  defaults: { 'base-url': '', 'key-env': '' },
  choices: { 'base-url': 'any', 'key-env': 'any' },
} satisfies KnownSettings<Pick<EndpointSettings, 'base-url' | 'key-env'>>;

/** Longest reply of vectors as text: those of a request's texts, thousands of numbers each. */
const vectorBytes = 32 * 2 ** 20;

/** Opens a model that makes vectors by its name, `ollama:MODEL` or `openai:MODEL?base-url=…`. Throws `UsageError`. */
export async function openEmbeddings(named: string): Promise<EmbeddingClient> {
  const { name, settings } = readNamedSettings(named, embeddingSettings);
  const [, kind, model = ''] = /^(ollama|openai):(.+)$/s.exec(name) ?? [];
  if (kind !== 'ollama' && kind !== 'openai')
    throw new UsageError(`"${named}" names no model that makes embeddings. Write ollama:MODEL or openai:MODEL.`);
  const { embeddingClient } = await import('./embeddings.ts');
  const wishes = endpointWishes({ ...endpointSettings.defaults, ...settings });
  const client = await openClient({ kind, model, wishes, seed: 1 });
  const shared = { model, build: async (signal: AbortSignal) => (await client.build?.(signal)) ?? '' };
  const { placeOf, authorization } = await import('./openai.ts');
  if (kind === 'openai') {
    const place = placeOf(wishes.baseUrl, wishes.keyEnv);
    const connection = connect({ endpoint: place.endpoint, seed: 1, replyBytes: vectorBytes });
    return embeddingClient({ ...place, ...shared, connection, headers: () => authorization(place) });
  }
  const { hostOf } = await import('./ollama.ts');
  const host = hostOf(wishes.baseUrl ?? (process.env['OLLAMA_HOST'] || '127.0.0.1'));
  const endpoint = `Ollama at ${host}`;
  const key = wishes.keyEnv && keyIn(wishes.keyEnv);
  return embeddingClient({
    ...shared,
    endpoint,
    url: `${host}/v1`,
    connection: connect({ endpoint, seed: 1, replyBytes: vectorBytes }),
    headers: () => (key ? { authorization: `Bearer ${key}` } : {}),
    cure: 'Start it with "ollama serve", or name another address in OLLAMA_HOST.',
    routeCure: `Get the model with "ollama pull ${model}", or update Ollama: it has no such route.`,
    keyCure: 'Name the variable that holds its key by key-env=NAME.',
  });
}

function keyIn(variable: string): string {
  const key = process.env[variable];
  if (key) return key;
  throw new UsageError(`The variable ${variable} holds no key. Set it, or leave out key-env.`);
}

/** Keys that endpoints are given, with the variables that hold them, by the names of the models that are asked there. */
export function endpointKeys(
  models: readonly string[],
): readonly { readonly variable: string; readonly key: string }[] {
  const named = models.flatMap((model) => [...model.matchAll(/[?&]key-env=([^&|]+)/g)].map(([, name = '']) => name));
  return ['OPENAI_API_KEY', ...named].map((variable) => ({ variable, key: process.env[variable] ?? '' }));
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
