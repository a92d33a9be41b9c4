import { finishKind } from '../../core/models/finish.ts';
import { callArguments, type ChatReply } from '../../core/models/model-client.ts';
import type { Cause } from '../../core/reward-types.ts';
import type { JsonObject } from '../../core/json.ts';

/** Why a reply cannot be used. */
export interface Unusable {
  readonly cause: Cause;
  readonly reason: string;
}

/**
 * The one JSON object that a reply must be, a code fence or finished thinking around it aside: nothing is picked out of
 * prose, which may echo what was shown.
 */
export function objectIn({
  text,
  finishReason,
}: Pick<ChatReply, 'text' | 'finishReason'>): { readonly object: JsonObject } | { readonly unusable: Unusable } {
  const reply = text
    .replace(/^\s*<think>[\s\S]*?<\/think>/, '')
    .trim()
    .replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/, '$1');
  const object = callArguments(reply);
  return object === null ? { unusable: withoutObject(reply, finishReason) } : { object };
}

function withoutObject(text: string, finishReason: string): Unusable {
  const kind = finishKind(finishReason);
  if (kind === 'filter' || refusal.test(text)) {
    return { cause: 'refused', reason: `the model declined: ${shown(text)}` };
  }
  if (text === '') return { cause: 'unparseable', reason: 'the reply is empty' };
  if (kind === 'length') return { cause: 'unparseable', reason: `the reply was cut off: ${shown(text)}` };
  return { cause: 'unparseable', reason: `the reply is no JSON object: ${shown(text)}` };
}

const refusal =
  /^(?:i['’]?m sorry|sorry\b|i apologi[sz]e|i (?:can(?:no|['’])t|am (?:unable|not able)|will not|won['’]t|refuse|must decline)|as an ai\b|unfortunately,? i)/i;

/** The beginning of a text in quotation marks, for reasons. */
export const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
