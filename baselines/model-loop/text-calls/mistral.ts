import { isJsonObject } from '../../../core/json.ts';
import { callsOf, valueAt, valuesAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `[TOOL_CALLS]` before a list of calls, or before each name, `[CALL_ID]…` and `[ARGS]` perhaps between name and arguments. */
const mark = /\[TOOL_CALLS\]\s*/g;
const name = /([\w.:/-]+)\s*(?:\[CALL_ID\]\s*\w+\s*)?(?:\[ARGS\])?\s*(?=\{)/y;

export default {
  marks: mark,
  read: (text) =>
    [...text.matchAll(mark)].flatMap(({ 0: whole, index: start }) => {
      const from = start + whole.length;
      const { values, end } = valuesAt(text, from);
      if (values.length > 0)
        return values.flatMap((one) => callsOf(one, true)).map((action) => ({ start, end, action }));
      name.lastIndex = from;
      const { 0: head = '', 1: called = '' } = name.exec(text) ?? [];
      const found = called === '' ? null : valueAt(text, from + head.length);
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name: called, arguments: found.value } }]
        : [];
    }),
} satisfies TextCallFormat;
