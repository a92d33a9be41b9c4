import { Ollama, type Message, type Tool } from 'ollama';
import { messageOf, PolicyFailure, UsageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { MetaTool } from '../types.ts';
import { connect, type Connection, type ConnectionOptions } from './connection.ts';
import { explained, type AskedEndpoint } from './explained.ts';
import { EndpointFault, LastingFault } from './fault.ts';
import {
  callArguments,
  listingMilliseconds,
  type Chat,
  type ChatMessage,
  type ChatReply,
  type ModelClient,
  type Sampling,
} from './model-client.ts';
import { gather, onlyJsonLines } from './ollama-reply.ts';
import { promptTokens, refuseTooLong, watchPrompts, type PromptWatch } from './prompt-tokens.ts';
import { preflightBy } from './probe.ts';
import { verdictOn } from './verdict.ts';

export type OllamaOptions = {
  readonly model: string;
  /** Default: port 11434 of this machine. */
  readonly host?: string;
  /** For servers that want one. */
  readonly key?: string;
  readonly thinking?: 'on' | 'off';
  /** How long to think, for models that know degrees of it. */
  readonly effort?: string;
  /** Further options of the model; `keep_alive` is the request's. */
  readonly extra?: JsonObject;
  /** Whose tokens prompts have. Default: Qwen3's. */
  readonly counter?: TokenCounter;
} & Omit<ConnectionOptions, 'endpoint'>;

/** A model of an Ollama server, by its own `/api/chat`: only there can context length and every sampler be set. */
export default function ollamaClient({
  model,
  host: named,
  key,
  thinking,
  effort,
  extra,
  counter,
  ...connectionOptions
}: OllamaOptions): ModelClient {
  const host = hostOf(named ?? '127.0.0.1');
  const endpoint = `Ollama at ${host}`;
  const connection = connect({ ...connectionOptions, endpoint });
  const server: Server = {
    host,
    endpoint,
    connection,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  };

  const check = async (signal: AbortSignal) => {
    await build(signal);
  };

  const build = async (signal: AbortSignal) => {
    const models = await modelsOf(server, signal);
    const listed = models.find(({ name }) => name === model || name === `${model}:latest`);
    if (listed) return listed.digest;
    throw unknownModel(model, models, endpoint);
  };

  const requestOf = (messages: readonly ChatMessage[], tools: readonly MetaTool[], sampling: Sampling) =>
    wireRequest(messages, tools, sampling, { model, thinking, effort, extra });

  const post = (request: ReturnType<typeof requestOf>, signal: AbortSignal, attempts?: number): Promise<ChatReply> =>
    connection.request(
      async (exchange) => {
        const fetch = onlyJsonLines(exchange);
        const ollama = new Ollama({ host, fetch, headers: server.headers });
        return await gather(await ollama.chat({ ...request, stream: true }));
      },
      signal,
      attempts === undefined ? {} : { attempts },
    );

  const converse = (): Chat => {
    const watch = watchPrompts(endpoint, counter);
    return (...request) => ask(watch, ...request);
  };
  const chat: Chat = (...request) => converse()(...request);

  const ask = async (watch: PromptWatch, ...[messages, tools, sampling, signal]: Parameters<Chat>) => {
    refuseTooLong(promptTokens(messages, tools, counter), sampling, counter);
    let reply: ChatReply;
    try {
      reply = await post(requestOf(messages, tools, sampling), signal);
    } catch (error) {
      throw await explained(signal.aborted ? error : faultOf(error), asked, messages, tools, sampling, signal);
    }
    const usage = watch(messages, reply.usage);
    return { ...reply, usage };
  };

  const asked: AskedEndpoint = {
    ...contextOf(server, `POST ${host}/api/chat for the model "${model}"`),
    tryOnce: (messages, sampling, signal) => post(requestOf(messages, [], sampling), signal, 1),
    unknownModel: async (signal) => unknownModel(model, await modelsOf(server, signal), endpoint),
  };

  return { name: `ollama:${model}`, endpoint: host, check, build, chat, converse, preflight: preflightBy(chat) };
}

function wireRequest(
  messages: readonly ChatMessage[],
  tools: readonly MetaTool[],
  sampling: Sampling,
  { model, thinking, effort, extra = {} }: Wishes,
) {
  const think = thinkOf(thinking, effort) ?? sampling.isThinking;
  const { keep_alive: keepAlive, ...options } = extra;
  return {
    model,
    messages: messages.map(wireMessage),
    // by name, since a Go template cannot sort them, and models are trained on them in one order
    ...(tools.length > 0 ? { tools: tools.map(wireTool).sort(byName) } : {}),
    ...(think === undefined ? {} : { think }),
    ...(sampling.format ? { format: sampling.format } : {}),
    ...(sampling.likeliest ? { logprobs: true, top_logprobs: sampling.likeliest } : {}),
    ...(keepAlive === undefined ? {} : { keep_alive: keepAlive as string | number }),
    options: { ...wireOptions(sampling), ...options },
  };
}

interface Wishes {
  readonly model: string;
  readonly thinking: 'on' | 'off' | undefined;
  readonly effort: string | undefined;
  readonly extra: JsonObject | undefined;
}

interface Server {
  readonly host: string;
  readonly endpoint: string;
  readonly connection: Connection;
  readonly headers: Record<string, string>;
}

const contextOf = ({ host, endpoint }: Server, asked: string) => ({
  endpoint,
  asked,
  cure: 'Start it with "ollama serve", or name another one in OLLAMA_HOST or base-url.',
  routeCure: `See whether ${host} is an Ollama server, and name another one in OLLAMA_HOST or base-url.`,
  keyCure: 'Name the variable that holds its key by key-env=NAME.',
});

/** What the library throws of an answer that it cannot read is the endpoint's fault. */
function faultOf(error: unknown): unknown {
  if (error instanceof PolicyFailure || error instanceof EndpointFault || error instanceof LastingFault) return error;
  const message = `an unusable reply: ${messageOf(error)}`;
  return new EndpointFault(200, { message, words: '' });
}

/** A server's address as Ollama's own programs read it: `0.0.0.0` is where a server listens, not where one finds it. */
/** Throws `UsageError` on an address that is none. */
export function hostOf(text: string): string {
  const full = /^https?:\/\//.test(text) ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`;
  if (!URL.canParse(full))
    throw new UsageError(`"${text}" is no address of an Ollama server. Give one like 127.0.0.1:11434.`);
  const url = new URL(full);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `The address of Ollama at ${url.host} holds a key. Put it into a variable, and name that by key-env=NAME.`,
    );
  if (['0.0.0.0', '[::]'].includes(url.hostname)) url.hostname = '127.0.0.1';
  if (url.port === '' && !/^https?:\/\//.test(text)) url.port = '11434';
  return url.href.replace(/\/+$/, '').replace(/\/(api|v1)$/, '');
}

function thinkOf(
  thinking: 'on' | 'off' | undefined,
  effort: string | undefined,
): boolean | 'low' | 'medium' | 'high' | undefined {
  if (effort === 'low' || effort === 'medium' || effort === 'high') return effort;
  if (effort !== undefined && effort !== 'none')
    throw new UsageError(`Ollama knows no effort=${effort}. Give none, low, medium or high.`);
  return effort === 'none' ? false : thinking && thinking === 'on';
}

interface ListedModel {
  readonly name: string;
  readonly digest: string;
}

async function modelsOf(server: Server, signal: AbortSignal): Promise<ListedModel[]> {
  const { host, endpoint, connection, headers } = server;
  try {
    const { models } = await connection.request(
      (exchange) => new Ollama({ host, fetch: exchange, headers }).list(),
      signal,
      { timeoutMilliseconds: listingMilliseconds, attempts: 2 },
    );
    if (!Array.isArray(models)) throw new TypeError('the answer holds no list of models');
    return (models as readonly unknown[])
      .flatMap((one) => {
        const { name, digest = '' } = callArguments(one) ?? {};
        return typeof name === 'string' && typeof digest === 'string' ? [{ name, digest }] : [];
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LastingFault || (error instanceof EndpointFault && error.kind === 'key')) {
      throw await verdictOn(error, { ...contextOf(server, `GET ${host}/api/tags`), hasTools: false });
    }
    throw new UsageError(`${endpoint} does not list its models (${messageOf(error)}). Is it an Ollama server?`, {
      cause: error,
    });
  }
}

const unknownModel = (model: string, models: readonly ListedModel[], endpoint: string): UsageError =>
  new UsageError(
    `${endpoint} has no model "${model}". Known: ${models.map(({ name }) => name).join(', ') || 'none'}. Get it with "ollama pull ${model}".`,
  );

const wireTool = ({ name, description, inputSchema }: MetaTool): Tool => ({
  type: 'function',
  function: { name, description, parameters: inputSchema },
});

const byName = ({ function: a }: Tool, { function: b }: Tool): number => ((a.name ?? '') < (b.name ?? '') ? -1 : 1);

function wireMessage({ role, content, reasoning, calls, answers, media = [] }: ChatMessage): Message {
  // Its API has no place for sound.
  const images = media.filter(({ kind }) => kind === 'image').map(({ data }) => data);
  return {
    role,
    content,
    ...(images.length > 0 ? { images } : {}),
    ...(reasoning ? { thinking: reasoning } : {}),
    ...(calls
      ? { tool_calls: calls.map((call) => ({ function: { name: call.name, arguments: { ...call.arguments } } })) }
      : {}),
    ...(answers ? { tool_name: answers.name } : {}),
  };
}

const wireOptions = (sampling: Sampling) => ({
  num_ctx: sampling.contextTokens,
  num_predict: sampling.outputTokens,
  seed: sampling.seed,
  temperature: sampling.temperature,
  top_p: sampling.topP,
  top_k: sampling.topK,
  min_p: sampling.minP,
  typical_p: 1,
  repeat_penalty: sampling.repeatPenalty,
  repeat_last_n: 64,
  presence_penalty: 0,
  frequency_penalty: 0,
  mirostat: 0,
  num_keep: 4,
  ...(sampling.threads === undefined ? {} : { num_thread: sampling.threads }),
});
