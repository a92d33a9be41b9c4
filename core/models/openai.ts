import { PolicyFailure, UsageError } from '../errors.ts';
import { excerptOf, type JsonObject } from '../json.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { MetaTool } from '../types.ts';
import type { Usage } from '../usage.ts';
import { connect, HttpFailure, type Connection, type ConnectionOptions } from './connection.ts';
import {
  callArguments,
  likelyTokens,
  listingMilliseconds,
  NoNativeTools,
  saysNoTools,
  type Chat,
  type ChatMessage,
  type ChatReply,
  type ModelCall,
  type ModelClient,
  type Sampling,
} from './model-client.ts';
import { promptTokens, refuseTooLong, watchPrompts, withoutThinking, type PromptWatch } from './prompt-tokens.ts';

export type OpenAiOptions = {
  readonly model: string;
  /** Up to and including the version, e.g. `http://127.0.0.1:8080/v1`. Default: OPENAI_BASE_URL, else OpenAI's own. */
  readonly baseUrl?: string;
  /** Whose tokens prompts have. Default: Qwen3's. */
  readonly counter?: TokenCounter;
} & Omit<ConnectionOptions, 'endpoint' | 'cure'>;

const openAiUrl = 'https://api.openai.com/v1';

/**
 * A model of any endpoint with OpenAI's chat completions, not streamed: some servers parse tool calls well only so.
 * Ours and not OpenAI's library: endpoints differ in the options they take, and one that is refused is left out from then on.
 * The key comes from OPENAI_API_KEY alone; only OpenAI's own address insists on one. Such routes have no option for the
 * context length: `contextTokens` then only bounds what we send.
 */
export default function openAiClient({ model, counter, ...options }: OpenAiOptions): ModelClient {
  const { baseUrl = process.env['OPENAI_BASE_URL'] || openAiUrl, ...connectionOptions } = options;
  const url = baseUrl.replace(/\/+$/, '');
  const endpoint = `The endpoint at ${url}`;
  const connection = connect({
    ...connectionOptions,
    endpoint,
    cure: 'Start it, or name another one in OPENAI_BASE_URL.',
  });
  const refused = new Set<string>();

  const check = async (signal: AbortSignal) => {
    const names = await modelNames(url, endpoint, connection, signal);
    // Ollama's compatible route lists its models with their tags
    const isKnown = names === null || names.includes(model) || names.includes(`${model}:latest`);
    if (!isKnown) throw unknownModel(model, names, endpoint);
  };

  const converse = (): Chat => {
    const watch = watchPrompts(endpoint, counter);
    return (...request) => ask(watch, ...request);
  };

  const ask = async (watch: PromptWatch, ...[messages, tools, sampling, signal]: Parameters<Chat>) => {
    const tokens = promptTokens(messages.map(withoutThinking), tools, counter);
    refuseTooLong(tokens, sampling, counter);
    const body = {
      model,
      messages: messages.map(wireMessage),
      stream: false,
      ...(tools.length > 0 ? { tools: tools.map(wireTool), tool_choice: 'auto', parallel_tool_calls: false } : {}),
      ...wireOptions(sampling),
    };
    for (;;) {
      try {
        const reply = readReply(await post(withoutRefused(body, refused), signal), endpoint);
        const usage = watch(messages, reply.usage);
        connection.spend((reply.usage.promptTokens ?? tokens) + (reply.usage.outputTokens ?? 0));
        return { ...reply, usage };
      } catch (error) {
        const option = refusedOption(error, refused);
        if (option === undefined) throw await explained(error, tools, signal);
        refused.add(option);
      }
    }
  };

  const post = (body: object, signal: AbortSignal): Promise<unknown> =>
    connection.request(
      async (exchange) => {
        const response = await exchange(`${url}/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...authorization(url) },
          body: JSON.stringify(body),
        });
        return jsonOf(await response.text(), endpoint);
      },
      signal,
      { isFinal: (failure) => saysNoTools(failure.message) },
    );

  const explained = async (error: unknown, tools: readonly MetaTool[], signal: AbortSignal): Promise<unknown> => {
    if (signal.aborted || !(error instanceof HttpFailure)) return error;
    if (tools.length > 0 && saysNoTools(error.message)) return new NoNativeTools(error.message, { cause: error });
    if (error.status === 404 && /model/i.test(error.message)) {
      return unknownModel(model, (await modelNames(url, endpoint, connection, signal)) ?? [], endpoint);
    }
    if (error.status === 401 || error.status === 403) return badKey(endpoint, error);
    return new PolicyFailure(`${endpoint} answered ${error.status}: ${error.message}`, { cause: error });
  };
  return {
    name: `openai:${model}`,
    check,
    build: () => Promise.resolve(`at ${url}`),
    chat: (...request) => converse()(...request),
    converse,
  };
}

/** Names, or null where the server has no such list. */
async function modelNames(
  url: string,
  endpoint: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<string[] | null> {
  try {
    const list = await connection.request(
      async (exchange) => {
        const response = await exchange(`${url}/models`, { headers: authorization(url) });
        return callArguments(await response.text());
      },
      signal,
      { timeoutMilliseconds: listingMilliseconds },
    );
    const models = list?.['data'];
    if (!Array.isArray(models)) return null;
    return models.flatMap((one: unknown) => callArguments(one)?.['id'] ?? []).filter((id) => typeof id === 'string');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpFailure && (error.status === 401 || error.status === 403)) throw badKey(endpoint, error);
    if (error instanceof HttpFailure) return null;
    if (error instanceof PolicyFailure) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function authorization(url: string): Record<string, string> {
  const key = process.env['OPENAI_API_KEY'];
  if (key) return { authorization: `Bearer ${key}` };
  if (url !== openAiUrl) return {};
  throw new UsageError(`${url} wants a key. Set OPENAI_API_KEY, or name another endpoint in OPENAI_BASE_URL.`);
}

const badKey = (endpoint: string, error: HttpFailure): UsageError =>
  new UsageError(
    `${endpoint} refuses the key (${error.status}: ${error.message}). Set OPENAI_API_KEY to a valid one.`,
    {
      cause: error,
    },
  );

const unknownModel = (model: string, names: readonly string[], endpoint: string): UsageError =>
  new UsageError(`${endpoint} has no model "${model}". Known: ${names.slice(0, 40).join(', ') || 'it does not say'}.`);

const wireTool = ({ name, description, inputSchema }: MetaTool) => ({
  type: 'function',
  function: { name, description, parameters: inputSchema },
});

function wireMessage({ role, content, calls, answers }: ChatMessage) {
  return {
    role,
    content,
    ...(calls ? { tool_calls: calls.map(wireCall) } : {}),
    ...(answers ? { tool_call_id: answers.id } : {}),
  };
}

/** A history with broken arguments in it is refused by most endpoints. */
const wireCall = ({ id, name, arguments: args, source }: ModelCall) => ({
  id,
  type: 'function',
  function: { name, arguments: args === null ? '{}' : source },
});

const wireOptions = (sampling: Sampling) => ({
  n: 1,
  temperature: sampling.temperature,
  top_p: sampling.topP,
  seed: sampling.seed,
  max_tokens: sampling.outputTokens,
  max_completion_tokens: sampling.outputTokens,
  presence_penalty: 0,
  frequency_penalty: 0,
  top_k: sampling.topK,
  min_p: sampling.minP,
  repetition_penalty: sampling.repeatPenalty,
  ...(sampling.format
    ? {
        response_format: { type: 'json_schema', json_schema: { name: 'reply', strict: true, schema: sampling.format } },
      }
    : {}),
  ...(sampling.likeliest ? { logprobs: true, top_logprobs: sampling.likeliest } : {}),
});

/** Options that some servers refuse by name; one that is refused is left out from then on. */
const dispensable = [
  'max_completion_tokens',
  'max_tokens',
  'repetition_penalty',
  'min_p',
  'top_k',
  'parallel_tool_calls',
  'presence_penalty',
  'frequency_penalty',
  'temperature',
  'top_p',
  'seed',
  'response_format',
  'top_logprobs',
  'logprobs',
];

/** The option that a 400 or 422 names; never both bounds on the reply's length. */
function refusedOption(error: unknown, refused: ReadonlySet<string>): string | undefined {
  if (!(error instanceof HttpFailure) || (error.status !== 400 && error.status !== 422)) return undefined;
  const named = dispensable.filter(
    (option) => new RegExp(`\\b${option}\\b`).test(error.message) && !refused.has(option),
  );
  // "'max_tokens' is not supported, use 'max_completion_tokens'": the first one named is the refused one
  const first = named.toSorted((a, b) => error.message.search(`\\b${a}\\b`) - error.message.search(`\\b${b}\\b`))[0];
  const isLastBound = first?.startsWith('max_') === true && [...refused].some((option) => option.startsWith('max_'));
  return isLastBound ? undefined : first;
}

const withoutRefused = (body: object, refused: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(body).filter(([option]) => !refused.has(option)));

function jsonOf(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PolicyFailure(`${endpoint} answered nonsense: ${JSON.stringify(text.slice(0, 100))}.`, { cause: error });
  }
}

/** Checks the shape as it reads: whatever is not a chat completion is the endpoint's fault, never a crash. */
function readReply(body: unknown, endpoint: string): ChatReply {
  const { choices, usage } = objectIn(body);
  const choice = Array.isArray(choices) ? callArguments(choices[0]) : null;
  const message = choice && callArguments(choice['message']);
  if (!choice || !message) {
    const start = excerptOf(body, 100);
    throw new PolicyFailure(`${endpoint} answered something other than a chat completion: ${start}.`);
  }
  const calls: unknown[] = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  const refusal = textIn(message['refusal']);
  const likely = likelyTokens(objectIn(choice['logprobs'])['content']);
  return {
    text: textIn(message['content']) || refusal,
    reasoning: textIn(message['reasoning_content']) || textIn(message['reasoning']),
    calls: calls.map(readCall),
    usage: readUsage(objectIn(usage)),
    finishReason: refusal === '' ? textIn(choice['finish_reason']) || 'unknown' : 'refusal',
    ...(likely ? { likely } : {}),
  };
}

function readUsage(usage: JsonObject): Usage {
  const cachedTokens = countIn(objectIn(usage['prompt_tokens_details'])['cached_tokens']);
  const reasoningTokens = countIn(objectIn(usage['completion_tokens_details'])['reasoning_tokens']);
  return {
    promptTokens: countIn(usage['prompt_tokens']),
    outputTokens: countIn(usage['completion_tokens']),
    ...(cachedTokens === null ? {} : { cachedTokens }),
    ...(reasoningTokens === null ? {} : { reasoningTokens }),
  };
}

function readCall(call: unknown, index: number): ModelCall {
  const { id, function: called } = objectIn(call);
  const { name, arguments: written } = objectIn(called);
  const source = typeof written === 'string' ? written : JSON.stringify(written ?? {});
  return { id: textIn(id) || `call_${index}`, name: textIn(name), arguments: callArguments(source), source };
}

const objectIn = (value: unknown): JsonObject => callArguments(value) ?? {};
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const countIn = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);
