import { isJsonObject } from '../../../core/json.ts';
import { valueAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `<|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{JSON}<|tool_call_end|>`, as Kimi K2 writes it. */
const head = /<\|tool_call_begin\|>\s*(?:functions\.)?([\w./-]+)(?::\d+)?\s*<\|tool_call_argument_begin\|>\s*(?=\{)/g;

export default {
  marks: /<\|tool_calls_section_begin\|>|<\|tool_call_begin\|>/,
  read: (text) =>
    [...text.matchAll(head)].flatMap(({ 0: whole, 1: name = '', index: start }) => {
      const found = valueAt(text, start + whole.length);
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name, arguments: found.value } }]
        : [];
    }),
} satisfies TextCallFormat;
