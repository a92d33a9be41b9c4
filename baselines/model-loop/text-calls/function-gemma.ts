import { isJsonObject } from '../../../core/json.ts';
import { valueAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `<start_function_call>call:NAME{key:<escape>text<escape>}<end_function_call>` of FunctionGemma, and the same of Gemma 4. */
const call =
  /(?:<start_function_call>|<\|tool_call>)\s*call:\s*([\w.:/-]+)\s*(\{[^]*?)(?:<end_function_call>|<tool_call\|>|$)/g;
const quote = /<escape>|<\|"\|>/;

export default {
  marks: /<start_function_call>|<\|tool_call>/,
  read: (text) =>
    [...text.matchAll(call)].flatMap(({ 0: whole, 1: name = '', 2: body = '', index: start }) => {
      const value = valueAt(jsonText(body), 0)?.value;
      return isJsonObject(value) ? [{ start, end: start + whole.length, action: { name, arguments: value } }] : [];
    }),
} satisfies TextCallFormat;

/** Texts stand between the marks, keys without any. */
const jsonText = (body: string): string =>
  body
    .split(quote)
    .map((part, index) =>
      index % 2 === 1 ? JSON.stringify(part) : part.replaceAll(/([{,]\s*)([A-Za-z_][\w-]*)\s*:/g, '$1"$2":'),
    )
    .join('');
