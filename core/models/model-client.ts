import { isJsonObject, tooDeep, type JsonObject } from '../json.ts';
import type { Media } from '../media.ts';
import type { MetaTool } from '../types.ts';
import type { Capture, Usage } from '../usage.ts';

/** A call as the endpoint parsed it. `arguments` is null where they were no JSON object; `source` is what came. */
export interface ModelCall {
  /** '' where the endpoint gave none. */
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject | null;
  readonly source: string;
  /** Fields of the call beside these, which the endpoint wants back: signatures of its thinking, say. */
  readonly echo?: JsonObject;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** User only: so many characters at the beginning are those of other conversations, too; an engine may keep them. */
  readonly common?: number;
  /** Assistant only: thinking that the endpoint returned apart from the content. */
  readonly reasoning?: string;
  /** Assistant only: the fields that its reply's `echo` held. */
  readonly echo?: JsonObject;
  /** Assistant only, in their order. */
  readonly calls?: readonly ModelCall[];
  /** Tool only: the call that this message answers. */
  readonly answers?: ModelCall;
  /** User and tool only: images and sound that the text tells of. */
  readonly media?: readonly Media[];
}

/** Every option is sent, so that no endpoint's default decides. Tokens are the model's own. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly repeatPenalty: number;
  readonly seed: number;
  /** Most tokens of one reply. */
  readonly outputTokens: number;
  /** Context window asked for (Ollama: `num_ctx`); a prompt that does not fit beside the reply is refused, never cut. */
  readonly contextTokens: number;
  /** Ollama only: CPU threads; left out, the server decides. */
  readonly threads?: number;
  /** Ollama only: ask for thinking or none; left out, the model's own way. */
  readonly isThinking?: boolean;
  /** Whether a reply may hold more than one call; left out, it may. */
  readonly isParallel?: boolean;
  /** JSON Schema of the reply. Not every endpoint can hold a model to it, so what comes must be checked all the same. */
  readonly format?: JsonObject;
  /** How many likeliest tokens to tell of at each place, up to 20; old servers tell none. */
  readonly likeliest?: number;
}

/** A token of a reply with what the model might have written in its place; natural logarithms, before any sampling. */
export interface LikelyToken {
  readonly text: string;
  readonly logProbability: number;
  readonly likeliest: readonly { readonly text: string; readonly logProbability: number }[];
}

export interface ChatReply {
  readonly text: string;
  readonly reasoning: string;
  /** The fields in which the thinking came, to go back with the message as they are. */
  readonly echo?: JsonObject;
  /** The thinking does not go back: the endpoint refuses it, or there is no field for it. */
  readonly losesReasoning?: true;
  readonly calls: readonly ModelCall[];
  readonly usage: Usage;
  /** As the endpoint names it: `stop`, `length`, `tool_calls` … */
  readonly finishReason: string;
  /** Where the client draws the tokens itself; the `text` is then the whole reply, its calls included. */
  readonly capture?: Capture;
  /** Tokens that were run through the model for this reply; the rest of the prompt was known from before. */
  readonly evaluatedTokens?: number;
  /** Where `likeliest` was asked for and the endpoint heeds it. */
  readonly likely?: readonly LikelyToken[];
}

/**
 * A chat model behind an endpoint. All functions reject with `UsageError` for what the user can set right (no server, no key,
 * no such route or model, an endpoint that answers nobody), which ends a run.
 */
export interface ModelClient {
  /** e.g. `ollama:qwen3:4b`. */
  readonly name: string;
  /** Address of the server that runs it; absent where it runs in this process. */
  readonly endpoint?: string;
  /** Asks whether the endpoint answers and has the model; for the start of a run. */
  readonly check: (signal: AbortSignal) => Promise<void>;
  /** What tells this model from another of the same name, e.g. its digest; for judges, whose verdicts hang on it. */
  readonly build?: (signal: AbortSignal) => Promise<string>;
  /**
   * One reply. Also rejects with `NoNativeTools` when `tools` are given and the model takes none; with `UnparsedCall`,
   * `EndpointContextExceeded` and `EndpointRefusal`, which are the model's fault; and with `PolicyFailure` where the endpoint fails
   * on this request alone.
   */
  readonly chat: Chat;
  /** Asks for one token, as the first request of a run would; for its start. Absent where that costs more than it tells. */
  readonly preflight?: (sampling: Sampling, signal: AbortSignal) => Promise<void>;
  /**
   * The chat of one episode, where a client keeps its tokens: each call's messages must be those of the last one, the
   * assistant's reply to them, and what came after.
   */
  readonly converse?: () => Chat;
}

export type Chat = (
  messages: readonly ChatMessage[],
  tools: readonly MetaTool[],
  sampling: Sampling,
  signal: AbortSignal,
) => Promise<ChatReply>;

/** An endpoint that takes longer to list its models is not up. */
export const listingMilliseconds = 15_000;

/** The endpoint answered that it could not read the call that its own model wrote: a lost turn, not a broken endpoint. */
export class UnparsedCall extends Error {
  override readonly name = 'UnparsedCall';
}

/** The server says that this model has no tools: ask again with the tools written into the prompt. */
export class NoNativeTools extends Error {
  override readonly name = 'NoNativeTools';
}

/** An object, from an object or from JSON text, encoded once; null for anything else, and for what is nested without end. */
export function callArguments(source: unknown): JsonObject | null {
  let value = source;
  if (typeof source === 'string') {
    try {
      value = JSON.parse(source);
    } catch {
      return null;
    }
  }
  return isJsonObject(value) && tooDeep(value) === null ? value : null;
}

/** Log-probabilities as Ollama and OpenAI write them; undefined where there are none. */
export function likelyTokens(source: unknown): readonly LikelyToken[] | undefined {
  if (!Array.isArray(source) || source.length === 0) return undefined;
  return source.map((one: unknown) => {
    const top: unknown = callArguments(one)?.['top_logprobs'];
    return { ...likelyToken(one), likeliest: Array.isArray(top) ? top.map(likelyToken) : [] };
  });
}

function likelyToken(source: unknown) {
  const { token, logprob } = callArguments(source) ?? {};
  return { text: typeof token === 'string' ? token : '', logProbability: typeof logprob === 'number' ? logprob : NaN };
}
