import { isJsonObject } from '../../../core/json.ts';
import { valueAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{JSON}<|call|>`, as gpt-oss writes it. */
const head =
  /\bto=functions\.([\w./-]+)(?:\s|<\|channel\|>|commentary|<\|constrain\|>|json|code){0,8}(?:<\|message\|>)?\s*(?=\{)/g;

export default {
  marks: /\bto=functions\./,
  read: (text) =>
    [...text.matchAll(head)].flatMap(({ 0: whole, 1: name = '', index: start }) => {
      const found = valueAt(text, start + whole.length);
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name, arguments: found.value } }]
        : [];
    }),
} satisfies TextCallFormat;
