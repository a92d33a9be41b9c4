import { isJsonObject, type Json } from '../../../core/json.ts';
import { callsOf, valueAt } from '../json-calls.ts';
import { isKnown, type FoundCall, type TextCallFormat } from '../text-call.ts';

/** JSON amid prose or in a fence: the first call, or a list of calls. */
export default {
  read: (text, functions): FoundCall[] => {
    for (let start = text.search(/[{[]/); start >= 0;) {
      const found = valueAt(text, start);
      // What is not closed may be a call that was cut: nothing inside it is one.
      if (!found && text[start] === '{' && !/^\{[^"'{}]*\}/.test(text.slice(start, start + MOST_PROSE))) return [];
      const calls = found ? callsOf(unwrapped(found.value), false) : [];
      if (found && calls.length > 0 && calls.every(({ name }) => functions.size === 0 || isKnown(name, functions)))
        return calls.map((action) => ({ start, end: found.end, action }));
      const next = text.slice(found?.end ?? start + 1).search(/[{[]/);
      start = next < 0 ? -1 : (found?.end ?? start + 1) + next;
    }
    return [];
  },
} satisfies TextCallFormat;

/** Braces of prose are closed within this many characters. */
const MOST_PROSE = 200;

const wrappers = ['tool_calls', 'tool_call', 'function_call', 'calls', 'actions', 'action'] as const;

/** The calls inside an object that says nothing else. */
function unwrapped(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const wrapper = wrappers.find((key) => value[key] !== undefined && typeof value[key] !== 'string');
  return wrapper === undefined || Object.keys(value).length > 2 ? value : (value[wrapper] ?? value);
}
