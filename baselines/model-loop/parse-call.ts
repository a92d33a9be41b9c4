import type { JsonObject } from '../../core/json.ts';
import type { Action } from '../../core/types.ts';

/** More opening braces than this are not tried; a call comes early in a reply or not at all. */
const mostTries = 50;

/**
 * The first call written into a model's reply: between <tool_call> marks, in a code fence, or a bare JSON object amid
 * prose. Thinking, finished or not, is passed over. Null when no JSON object has a name and arguments.
 */
export function parseCall(reply: string): Action | null {
  const thoughtEnd = reply.lastIndexOf('</think>');
  if (thoughtEnd < 0 && reply.trimStart().startsWith('<think>')) return null;
  const answer = reply.slice(thoughtEnd + 1);
  const marked = answer.indexOf('<tool_call>');
  return (marked < 0 ? null : firstCall(answer.slice(marked))) ?? firstCall(answer);
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
