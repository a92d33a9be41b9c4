import { Ollama, type ChatResponse, type Message, type Tool } from 'ollama';
import { messageOf, PolicyFailure, UsageError } from '../errors.ts';
import { toolCallText } from '../tokens/template.ts';
import type { MetaTool } from '../types.ts';
import { connect, HttpFailure, type Connection, type ConnectionOptions } from './connection.ts';
import {
  callArguments,
  likelyTokens,
  listingMilliseconds,
  NoNativeTools,
  saysNoTools,
  type ChatMessage,
  type ChatReply,
  type LikelyToken,
  type ModelCall,
  type ModelClient,
  type Sampling,
} from './model-client.ts';
import { promptTokens, refuseSilentCut, refuseTooLong } from './prompt-tokens.ts';

export type OllamaOptions = {
  readonly model: string;
  /** Default: OLLAMA_HOST, else port 11434 of this machine. */ readonly host?: string;
} & Omit<ConnectionOptions, 'endpoint' | 'cure'>;

/** A model of an Ollama server, by its own `/api/chat`: only there can context length and every sampler be set. */
export default function ollamaClient({
  model,
  host = 'http://127.0.0.1:11434',
  ...connectionOptions
}: OllamaOptions): ModelClient {
  const endpoint = `Ollama at ${host}`;
  const cure = 'Start it with "ollama serve", or name another one in OLLAMA_HOST.';
  const connection = connect({ ...connectionOptions, endpoint, cure });

  const check = async (signal: AbortSignal) => {
    await build(signal);
  };

  const build = async (signal: AbortSignal) => {
    const models = await modelsOf(host, endpoint, connection, signal);
    const listed = models.find(({ name }) => name === model || name === `${model}:latest`);
    if (listed) return listed.digest;
    throw unknownModel(model, models, endpoint);
  };

  const chat: ModelClient['chat'] = async (messages, tools, sampling, signal) => {
    const tokens = promptTokens(messages, tools);
    refuseTooLong(tokens, sampling);
    const request = {
      model,
      messages: messages.map(wireMessage),
      // by name, since a Go template cannot sort them, and models are trained on them in one order
      ...(tools.length > 0 ? { tools: tools.map(wireTool).sort(byName) } : {}),
      ...(sampling.isThinking === undefined ? {} : { think: sampling.isThinking }),
      ...(sampling.format ? { format: sampling.format } : {}),
      ...(sampling.likeliest ? { logprobs: true, top_logprobs: sampling.likeliest } : {}),
      options: wireOptions(sampling),
    };
    let reply: ChatReply;
    try {
      reply = await connection.request(
        async (exchange) => {
          const ollama = new Ollama({ host, fetch: onlyJsonLines(exchange, endpoint) });
          return await gather(await ollama.chat({ ...request, stream: true }));
        },
        signal,
        { isFinal: (failure) => saysNoTools(failure.message) },
      );
    } catch (error) {
      throw await explained(error, tools, signal);
    }
    refuseSilentCut(messages, reply.usage, endpoint);
    connection.spend((reply.usage.promptTokens ?? tokens) + (reply.usage.outputTokens ?? 0));
    return reply;
  };

  const explained = async (error: unknown, tools: readonly MetaTool[], signal: AbortSignal): Promise<unknown> => {
    if (signal.aborted || error instanceof PolicyFailure) return error;
    if (error instanceof HttpFailure && error.status === 404) {
      return unknownModel(model, await modelsOf(host, endpoint, connection, signal), endpoint);
    }
    if (error instanceof HttpFailure && tools.length > 0 && saysNoTools(error.message)) {
      return new NoNativeTools(error.message, { cause: error });
    }
    const what = error instanceof HttpFailure ? `answered ${error.status}` : 'gave an unusable reply';
    return new PolicyFailure(`${endpoint} ${what}: ${messageOf(error)}`, { cause: error });
  };
  return { name: `ollama:${model}`, check, build, chat };
}

interface ListedModel {
  readonly name: string;
  readonly digest: string;
}

async function modelsOf(
  host: string,
  endpoint: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  try {
    const { models } = await connection.request((exchange) => new Ollama({ host, fetch: exchange }).list(), signal, {
      timeoutMilliseconds: listingMilliseconds,
    });
    return models.map(({ name, digest }) => ({ name, digest })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PolicyFailure) throw new UsageError(error.message, { cause: error });
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

function wireMessage({ role, content, reasoning, calls, answers }: ChatMessage): Message {
  return {
    role,
    content,
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

/** Joins the chunks of a streamed reply. */
async function gather(chunks: AsyncIterable<ChatResponse>): Promise<ChatReply> {
  let [text, reasoning] = ['', ''];
  const calls: ModelCall[] = [];
  const likely: LikelyToken[] = [];
  let last: ChatResponse | undefined;
  for await (const chunk of chunks) {
    last = chunk;
    text += chunk.message.content;
    reasoning += chunk.message.thinking ?? '';
    likely.push(...(likelyTokens(chunk.logprobs) ?? []));
    for (const { function: called } of chunk.message.tool_calls ?? []) {
      const { name } = called;
      const args = callArguments(called.arguments);
      calls.push({
        id: `call_${calls.length}`,
        name,
        arguments: args,
        source: toolCallText({ name, arguments: args ?? {} }),
      });
    }
  }
  return {
    text,
    reasoning,
    calls,
    usage: { promptTokens: countOrNull(last?.prompt_eval_count), outputTokens: countOrNull(last?.eval_count) },
    finishReason: last?.done_reason ?? 'unknown',
    ...(likely.length > 0 ? { likely } : {}),
  };
}

const countOrNull = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);

/** Stops a stream at its first line that is no chat chunk; the library would only print a warning and go on. */
function onlyJsonLines(exchange: typeof fetch, endpoint: string): typeof fetch {
  return async (url, init) => {
    const response = await exchange(url, init);
    let pending = '';
    const decoder = new TextDecoder();
    const checked = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        pending += decoder.decode(bytes, { stream: true });
        const lines = pending.split('\n');
        pending = lines.pop() ?? '';
        if (lines.every((line) => isChatChunk(line))) controller.enqueue(bytes);
        else
          controller.error(
            new PolicyFailure(`${endpoint} answered nonsense: ${JSON.stringify(lines[0]?.slice(0, 100))}.`),
          );
      },
      flush: (controller) => {
        if (pending === '' || isChatChunk(pending)) return;
        controller.error(new PolicyFailure(`${endpoint} answered nonsense: ${JSON.stringify(pending.slice(0, 100))}.`));
      },
    });
    return new Response(response.body?.pipeThrough(checked) ?? null, {
      status: response.status,
      headers: response.headers,
    });
  };
}

function isChatChunk(line: string): boolean {
  const chunk = callArguments(line);
  if (chunk === null) return false;
  if ('error' in chunk) return true;
  const message = callArguments(chunk['message']);
  return message !== null && typeof message['content'] === 'string';
}
