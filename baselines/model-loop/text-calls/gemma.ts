import { callsBetween } from '../python-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** Calls as Python in a fence `tool_code`, as Gemma 3 writes them, perhaps printed; LFM2 and OLMo have marks of their own. */
const opening = /```tool_code\s|<tool_code>|<\|tool_call_start\|>|<function_calls>\s*(?=[A-Za-z_])/g;
const closing = /```|<\/tool_code>|<\|tool_call_end\|>|<\/function_calls>/g;

export default {
  marks: opening,
  read: (text, functions) =>
    [...text.matchAll(opening)].flatMap(({ 0: mark, index }) => {
      const from = index + mark.length;
      closing.lastIndex = from;
      const to = closing.exec(text)?.index ?? text.length;
      return callsBetween(text, from, to, functions);
    }),
} satisfies TextCallFormat;
