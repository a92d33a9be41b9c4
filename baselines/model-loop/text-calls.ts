import type { JsonObject } from '../../core/json.ts';
import type { Action } from '../../core/types.ts';

/** More opening braces than this are not tried; a call comes early in a reply or not at all. */
const mostTries = 50;

/** Calls that a model wrote as text. */
export interface TextCalls {
  readonly calls: readonly Action[];
  /** It meant to call: marks or a name are there, whether or not anything could be read. */
  readonly isMeant: boolean;
}

/**
 * The calls written into a model's reply: those between <tool_call> marks, else the first in a code fence or of bare JSON objects
 * amid prose. Thinking, finished or not, is passed over. None when no JSON object has a name and arguments.
 */
export function textCalls(reply: string): TextCalls {
  const thoughtEnd = reply.lastIndexOf('</think>');
  if (thoughtEnd < 0 && reply.trimStart().startsWith('<think>')) return { calls: [], isMeant: false };
  const answer = reply.slice(thoughtEnd + 1);
  const [, ...marked] = answer.split('<tool_call>');
  const calls = marked.flatMap((part) => firstCall(part) ?? []);
  const first = calls.length > 0 ? null : firstCall(answer);
  return { calls: first ? [first] : calls, isMeant: marked.length > 0 || first !== null };
}

function firstCall(text: string): Action | null {
  let start = text.indexOf('{');
  for (let tries = 0; start >= 0 && tries < mostTries; tries++) {
    const end = closingBrace(text, start);
    const call = end === undefined ? null : callIn(text.slice(start, end + 1));
    if (call) return call;
    start = text.indexOf('{', start + 1);
  }
  return null;
}

/** Index of the brace that closes the one at `start`, braces in strings passed over. */
function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index;
  }
  return undefined;
}

/** Small models vary the keys: `name` or `tool`, `arguments` or `parameters`, all of it perhaps inside `function`. */
function callIn(source: string): Action | null {
  const object = objectOf(source);
  const call = objectOf(object?.['function']) ?? object;
  const name = call?.['name'] ?? call?.['tool'];
  const args = objectOf(call?.['arguments'] ?? call?.['parameters']);
  return typeof name === 'string' && args ? { name, arguments: args } : null;
}

function objectOf(value: unknown): JsonObject | null {
  if (typeof value !== 'string') {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? null : objectOf(parsed);
  } catch {
    return null;
  }
}
