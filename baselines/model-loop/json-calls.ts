import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { argumentsIn } from '../../core/models/openai-reply.ts';
import type { Action } from '../../core/types.ts';
import { literalOf } from './python-literal.ts';
import type { TextCallFormat } from './text-call.ts';

/** The value that begins with the brace or bracket at `start`: JSON, or a literal of Python where it is none. */
export function valueAt(text: string, start: number): { readonly value: Json; readonly end: number } | null {
  const end = closing(text, start);
  if (end === undefined) return null;
  const value = valueOf(text.slice(start, end + 1));
  return value === undefined ? null : { value, end: end + 1 };
}

/** All values that follow each other from `start` on, with white space, commas and semicolons between. */
export function valuesAt(text: string, start: number): { readonly values: readonly Json[]; readonly end: number } {
  const values: Json[] = [];
  let end = start;
  for (;;) {
    const next = end + (/^[\s,;]*/.exec(text.slice(end, end + MOST_BLANKS))?.[0].length ?? 0);
    const found = '{['.includes(text[next] ?? ' ') ? valueAt(text, next) : null;
    if (!found) return { values, end };
    values.push(found.value);
    end = found.end;
  }
}

const MOST_BLANKS = 100;

export function valueOf(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json;
  } catch {
    return literalOf(source);
  }
}

/** Index of the bracket that closes the one at `start`, those in strings passed over. */
function closing(text: string, start: number): number | undefined {
  let depth = 0;
  let quote = '';
  for (let index = start; index < text.length; index++) {
    const character = text[index] as string;
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"') quote = character;
    else if ('{['.includes(character)) depth++;
    else if ('}]'.includes(character) && --depth === 0) return index;
  }
  return undefined;
}

/**
 * A value as a call. Small models vary the keys: `name` or `tool`, `arguments` or `parameters`, all of it perhaps inside
 * `function`. Without arguments it is one only where marks say so.
 */
export function callOf(value: Json | undefined, isMarked: boolean): Action | null {
  if (!isJsonObject(value)) return null;
  const inner = value['function'];
  const call: JsonObject = isJsonObject(inner) ? inner : value;
  const name = [call['name'], call['tool'], call['tool_name'], inner].find((one) => typeof one === 'string');
  const written = ['arguments', 'parameters', 'args', 'input'].map((key) => call[key]).find((one) => one !== undefined);
  if (typeof name !== 'string' || name === '' || (written === undefined && !isMarked)) return null;
  const args = typeof written === 'string' ? argumentsIn(written) : (written ?? {});
  return isJsonObject(args) ? { name, arguments: args } : null;
}

/** A value as calls: one, or a list of nothing else. */
export function callsOf(value: Json, isMarked: boolean): readonly Action[] {
  const all = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((one) => callOf(one, isMarked));
  return all.every((one) => one !== null) ? all : [];
}

/** Reader of calls whose name stands in a head, its first group, and whose arguments are the JSON object behind it. */
export const headedCalls =
  (head: RegExp): TextCallFormat['read'] =>
  (text) =>
    [...text.matchAll(head)].flatMap(({ 0: whole, 1: name = '', index: start }) => {
      const found = valueAt(text, start + whole.length);
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name, arguments: found.value } }]
        : [];
    });
