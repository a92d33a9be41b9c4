import { isJsonObject } from '../../../core/json.ts';
import { callsOf, valueAt, valuesAt } from '../json-calls.ts';
import { pythonCallAt } from '../python-literal.ts';
import type { FoundCall, Functions, TextCallFormat } from '../text-call.ts';
import { pythonArguments } from '../typed-arguments.ts';

/** `<|python_tag|>` before JSON or `NAME.call(…)`, and `<function=NAME>{JSON}</function>`, as Llama 3 writes them. */
const tag = /<\|python_tag\|>\s*/g;
const named = /<function=([^>\s]+)>\s*(?=\{)/g;

export default {
  marks: /<\|python_tag\|>|<function=/,
  read: (text, functions) => [...tagged(text, functions), ...withName(text)],
} satisfies TextCallFormat;

const tagged = (text: string, functions: Functions): FoundCall[] =>
  [...text.matchAll(tag)].flatMap(({ 0: mark, index: start }) => {
    const from = start + mark.length;
    const { values, end } = valuesAt(text, from);
    if (values.length > 0) return values.flatMap((one) => callsOf(one, true)).map((action) => ({ start, end, action }));
    const found = pythonCallAt(text, from);
    if (!found) return [];
    const call = { ...found, name: found.name.replace(/\.call$/, '') };
    const args = pythonArguments(call, functions);
    return args ? [{ start, end: call.end, action: { name: call.name, arguments: args } }] : [];
  });

const withName = (text: string): FoundCall[] =>
  [...text.matchAll(named)].flatMap(({ 0: mark, 1: name = '', index: start }) => {
    const found = valueAt(text, start + mark.length);
    return found && isJsonObject(found.value)
      ? [{ start, end: found.end, action: { name, arguments: found.value } }]
      : [];
  });
