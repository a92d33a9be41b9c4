import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Media } from '../media.ts';
import type { MetaTool } from '../types.ts';
import { wireFunctions, type FunctionSearch } from './deferred-functions.ts';
import type { Dialect } from './openai-dialect.ts';
import type { ChatMessage, ModelCall, Sampling } from './model-client.ts';

/** What a user asks of the model beside sampling. */
export interface OpenAiWishes {
  readonly thinking?: 'on' | 'off';
  readonly effort?: string;
  /** Further fields of the request. */
  readonly extra?: JsonObject;
  /** Functions are deferred, to be found by this search of the endpoint's. */
  readonly functionSearch?: FunctionSearch;
}

/** The body of a request, without what the endpoint has refused so far. */
export function requestBody(
  model: string,
  messages: readonly ChatMessage[],
  tools: readonly MetaTool[],
  sampling: Sampling,
  wishes: OpenAiWishes,
  dialect: Dialect,
): JsonObject {
  const body: JsonObject = {
    model,
    messages: wireMessages(messages, dialect),
    stream: false,
    ...(tools.length > 0 ? toolOptions(tools, sampling.isParallel ?? true, wishes) : {}),
    ...samplingOptions(sampling),
    ...wishOptions(wishes),
  };
  const kept = Object.fromEntries(Object.entries(body).filter(([option]) => !dialect.refused.has(option)));
  return merged(kept, wishes.extra ?? {});
}

const toolOptions = (
  tools: readonly MetaTool[],
  isParallel: boolean,
  { functionSearch }: OpenAiWishes,
): JsonObject => ({
  tools: wireFunctions(tools, functionSearch),
  tool_choice: 'auto',
  parallel_tool_calls: isParallel,
});

const samplingOptions = (sampling: Sampling): JsonObject => ({
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

/** Every endpoint has words of its own for these, so that all are said; whichever it refuses is left out from then on. */
export function wishOptions({ thinking, effort }: OpenAiWishes): JsonObject {
  const isOn = thinking === 'on';
  const effortWord = effort ?? (thinking === 'off' ? 'none' : undefined);
  const template: JsonObject = {
    ...(thinking ? { enable_thinking: isOn, thinking: isOn } : {}),
    ...(effort ? { reasoning_effort: effort } : {}),
  };
  return {
    ...(Object.keys(template).length > 0 ? { chat_template_kwargs: template } : {}),
    ...(thinking ? { thinking: { type: isOn ? 'enabled' : 'disabled' }, enable_thinking: isOn } : {}),
    ...(thinking === 'off' ? { reasoning: { enabled: false } } : {}),
    ...(effortWord ? { reasoning_effort: effortWord } : {}),
  };
}

/** Objects grow by each other's fields; of anything else the later one holds. */
function merged(base: JsonObject, more: JsonObject): JsonObject {
  const changes = Object.entries(more).map(([key, value]) => {
    const before = base[key];
    return [key, isJsonObject(before) && isJsonObject(value) ? merged(before, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(changes) };
}

function wireMessages(messages: readonly ChatMessage[], dialect: Dialect): JsonObject[] {
  const ids = uniqueIds(messages);
  const wire = messages.flatMap((message, index) => [
    wireMessage(message, dialect, ids),
    ...mediaBehind(messages, index),
  ]);
  const [system, first, ...rest] = wire;
  if (!dialect.isSystemFolded || system?.['role'] !== 'system' || first?.['role'] !== 'user') return wire;
  return [{ ...first, content: `${textIn(system['content'])}\n\n${textIn(first['content'])}` }, ...rest];
}

const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function wireMessage(
  { role, content, echo = {}, calls, answers, media = [] }: ChatMessage,
  { reasoning, demandedReasoning, isContentNull }: Dialect,
  ids: ReadonlyMap<ModelCall, string>,
): JsonObject {
  const isAssistant = role === 'assistant';
  const thinking =
    isAssistant && reasoning !== 'left out'
      ? { ...(reasoning === 'demanded' ? { [demandedReasoning]: '' } : {}), ...echo }
      : {};
  return {
    role,
    content: contentOf(content, role === 'user' ? media : [], isContentNull && calls !== undefined),
    ...thinking,
    ...(calls
      ? { tool_calls: calls.map((call) => wireCall(call, ids.get(call) ?? call.id, reasoning !== 'left out')) }
      : {}),
    ...(answers ? { tool_call_id: ids.get(answers) ?? answers.id } : {}),
  };
}

/** Results are texts alone in this API: what came beside them follows the last of a turn in a message of the user's. */
function mediaBehind(messages: readonly ChatMessage[], index: number): JsonObject[] {
  if (messages[index]?.role !== 'tool' || messages[index + 1]?.role === 'tool') return [];
  const start = messages.findLastIndex(({ role }, before) => before < index && role !== 'tool') + 1;
  const media = messages.slice(start, index + 1).flatMap(({ media: ofOne = [] }) => ofOne);
  const parts = media.flatMap(mediaPart);
  return parts.length === 0 ? [] : [{ role: 'user', content: [{ type: 'text', text: besideResults }, ...parts] }];
}

const besideResults = '[What the results above tell of, in their order:]';

function contentOf(text: string, media: readonly Media[], isNullable: boolean): Json {
  if (isNullable && text === '') return null;
  const parts = media.flatMap(mediaPart);
  return parts.length === 0 ? text : [{ type: 'text', text }, ...parts];
}

/** Sound goes in the two forms that the API has; of others there is the line alone. */
function mediaPart({ kind, mimeType, data }: Media): JsonObject[] {
  if (kind === 'image') return [{ type: 'image_url', image_url: { url: `data:${mimeType};base64,${data}` } }];
  const format = /^audio\/(?:x-)?(?:(wav|wave|vnd\.wave)|(mpeg|mp3))$/.exec(mimeType);
  return format ? [{ type: 'input_audio', input_audio: { data, format: format[1] ? 'wav' : 'mp3' } }] : [];
}

/** A history with broken arguments or with names that are none in it is refused by most endpoints. */
const wireCall = ({ name, arguments: args, echo = {} }: ModelCall, id: string, hasEcho: boolean): JsonObject => ({
  id,
  type: 'function',
  function: { name: name.replace(/[^\w-]+/g, '_').slice(0, 64) || 'unnamed', arguments: JSON.stringify(args ?? {}) },
  ...(hasEcho ? echo : {}),
});

/** Ids as they came, but where none came or one came twice; nine letters and digits then, which the strictest ask for. */
function uniqueIds(messages: readonly ChatMessage[]): ReadonlyMap<ModelCall, string> {
  const ids = new Map<ModelCall, string>();
  const taken = new Set<string>();
  for (const call of messages.flatMap(({ calls = [] }) => calls)) {
    const isUsable = call.id !== '' && !taken.has(call.id);
    const id = isUsable ? call.id : `call${String(ids.size).padStart(5, '0')}`;
    taken.add(id);
    ids.set(call, id);
  }
  return ids;
}
