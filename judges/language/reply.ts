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
 * What a reply says once its thinking is over: what stands behind the last end of thinking, and nothing where thinking was
 * begun and not ended.
 */
export function afterThinking(text: string): string {
  const rest = text.replace(/^[\s\S]*<\/(?:think|thinking|reasoning)>/i, '');
  return /^\s*<(?:think|thinking|reasoning)>/i.test(rest) ? '' : rest;
}

/** The one JSON object that a reply must be as a whole, a code fence or finished thinking around it aside. */
export function objectIn({
  text,
  finishReason,
}: Pick<ChatReply, 'text' | 'finishReason'>): { readonly object: JsonObject } | { readonly unusable: Unusable } {
  const reply = afterThinking(text)
    .trim()
    .replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/, '$1');
  const object = callArguments(reply);
  return object === null ? { unusable: unusable(reply, finishReason) } : { object };
}

/** Why a reply without what was asked for has none. */
export function unusable(text: string, finishReason: string): Unusable {
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
