import { headedCalls } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{JSON}<|call|>`, as gpt-oss writes it. */
const head =
  /\bto=functions\.([\w./-]+)(?:\s|<\|channel\|>|commentary|<\|constrain\|>|json|code){0,8}(?:<\|message\|>)?\s*(?=\{)/g;

export default {
  marks: /\bto=functions\./,
  read: headedCalls(head),
} satisfies TextCallFormat;
