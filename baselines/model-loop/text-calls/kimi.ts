import { headedCalls } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/** `<|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{JSON}<|tool_call_end|>`, as Kimi K2 writes it. */
const head = /<\|tool_call_begin\|>\s*(?:functions\.)?([\w./-]+)(?::\d+)?\s*<\|tool_call_argument_begin\|>\s*(?=\{)/g;

export default {
  marks: /<\|tool_calls_section_begin\|>|<\|tool_call_begin\|>/,
  read: headedCalls(head),
} satisfies TextCallFormat;
