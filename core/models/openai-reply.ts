import type { Json, JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';
import { EndpointFault, faultWithin } from './fault.ts';
import { finishKind } from './finish.ts';
import { callArguments, likelyTokens, UnparsedCall, type ChatReply, type ModelCall } from './model-client.ts';

/**
 * A chat completion, in whatever shape endpoints send one. Throws `EndpointFault` for an error inside a 200 and for what is no
 * completion, `UnparsedCall` where the endpoint says that it could not read its model's call.
 */
export function readCompletion(body: string): ChatReply {
  const value = jsonOf(body);
  const fault = faultWithin(value);
  if (fault) throw fault;
  const { choices, usage } = objectIn(value);
  const choice = Array.isArray(choices) ? callArguments(choices[0]) : null;
  const inChoice = choice && faultWithin(choice);
  if (inChoice) throw inChoice;
  const message = choice && callArguments(choice['message']);
  if (!choice || !message) throw notACompletion(body);
  const reason = textIn(choice['finish_reason']) || 'unknown';
  const calls = callsIn(message);
  const { text, thinking } = partsIn(message['content']);
  const fields = reasoningFields(message);
  const reasoning = reasoningIn(fields) || thinking;
  const refusal = textIn(message['refusal']);
  if (calls.length === 0 && text === '') refuseUnfinished(reason, body);
  const likely = likelyTokens(objectIn(choice['logprobs'])['content']);
  return {
    text: text || refusal,
    reasoning,
    ...(Object.keys(fields).length > 0 ? { echo: fields } : {}),
    calls,
    usage: usageOf(objectIn(usage)),
    finishReason: refusal === '' ? reason : 'refusal',
    ...(likely ? { likely } : {}),
  };
}

function usageOf(usage: JsonObject): Usage {
  const cachedTokens = countIn(objectIn(usage['prompt_tokens_details'])['cached_tokens']);
  const reasoningTokens = countIn(objectIn(usage['completion_tokens_details'])['reasoning_tokens']);
  return {
    promptTokens: countIn(usage['prompt_tokens']),
    outputTokens: countIn(usage['completion_tokens']),
    ...(cachedTokens === null ? {} : { cachedTokens }),
    ...(reasoningTokens === null ? {} : { reasoningTokens }),
  };
}

/** An ending of the endpoint's own that left nothing to read. */
function refuseUnfinished(reason: string, body: string): void {
  const kind = finishKind(reason);
  if (kind === 'unparsed') throw new UnparsedCall(`the endpoint ended the reply with ${reason}`);
  if (kind === 'fault')
    throw new EndpointFault(502, { message: `the reply ended with ${reason}`, words: body.slice(0, 2_000) });
}

/** Cut-off JSON, too: a connection that broke in the middle may hold the next time. */
function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw notACompletion(text);
  }
}

const notACompletion = (body: string): EndpointFault => {
  const message = `something other than a chat completion: ${JSON.stringify(body.trim().slice(0, 100))}`;
  return new EndpointFault(200, { message, words: '' });
};

/** Text of a content that is a text, or a list of parts of which some are thinking. */
function partsIn(content: Json | undefined): { readonly text: string; readonly thinking: string } {
  if (typeof content === 'string') return { text: content, thinking: '' };
  const parts = Array.isArray(content) ? content : content === undefined || content === null ? [] : [content];
  return {
    text: parts
      .filter((part) => !isThinking(part))
      .map(textOfPart)
      .join(''),
    thinking: parts.filter(isThinking).map(textOfPart).join(''),
  };
}

const isThinking = (part: Json): boolean => /think|reason/.test(textIn(objectIn(part)['type']));

function textOfPart(part: Json | undefined): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part)) return part.map(textOfPart).join('');
  const { text, thinking, reasoning, summary, content, refusal } = objectIn(part);
  for (const one of [text, thinking, reasoning, summary, content, refusal]) {
    if (typeof one === 'string' || Array.isArray(one)) return textOfPart(one);
  }
  return '';
}

const reasoningNames = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

/** The thinking's fields as they came. */
const reasoningFields = (message: JsonObject): JsonObject =>
  Object.fromEntries(
    reasoningNames.flatMap((name) => {
      const value = message[name];
      const isThere = typeof value === 'string' ? value !== '' : Array.isArray(value) && value.length > 0;
      return isThere && value !== undefined ? [[name, value]] : [];
    }),
  );

const reasoningIn = (fields: JsonObject): string =>
  reasoningNames.map((name) => textOfPart(fields[name])).find((text) => text !== '') ?? '';

/** Calls in any of the places where they are put: a list, one by itself, the older `function_call`, parts of the content. */
function callsIn(message: JsonObject): ModelCall[] {
  const { tool_calls: listed, function_call: older, content } = message;
  const inParts = Array.isArray(content)
    ? content.filter((part) => ['tool_use', 'tool_call', 'function_call'].includes(textIn(objectIn(part)['type'])))
    : [];
  const all = [
    ...(Array.isArray(listed) ? listed : callArguments(listed) ? [listed as JsonObject] : []),
    ...(callArguments(older) ? [older as JsonObject] : []),
    ...inParts,
  ];
  return all.map(readCall);
}

function readCall(value: Json): ModelCall {
  const { id, type: _, index: __, function: called, ...others } = objectIn(value);
  const inner = callArguments(called) ?? others;
  const written = inner['arguments'] ?? inner['parameters'] ?? inner['input'] ?? null;
  const source = typeof written === 'string' ? written : JSON.stringify(written ?? {});
  const { extra_content: extra } = others;
  return {
    id: textIn(id),
    name: textIn(inner['name']),
    arguments: argumentsIn(source),
    source,
    ...(extra === undefined ? {} : { echo: { extra_content: extra } }),
  };
}

/** Most rounds of encoding that are undone. */
const MOST_ENCODINGS = 3;

/** Arguments as an object: none at all are an empty one, and some servers encode them twice. */
export function argumentsIn(source: string): JsonObject | null {
  let value: unknown = source;
  for (let round = 0; round < MOST_ENCODINGS && typeof value === 'string'; round++) {
    if (value.trim() === '') return {};
    try {
      value = JSON.parse(value);
    } catch {
      return null;
    }
  }
  return value === null ? {} : callArguments(value);
}

const objectIn = (value: unknown): JsonObject => callArguments(value) ?? {};
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const countIn = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);
