import { callsOf, valuesAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/**
 * JSON between marks, as Hermes and Qwen write it; with marks of their own Granite, Phi, Jamba, MiniMax M1, InternLM and Command R.
 * The closing mark may be missing.
 */
const opening =
  /<\|?(?:tool_calls?|function_calls?|functioncall)\|?>|<\|action_start\|>\s*<\|plugin\|>|<\|START_ACTION\|>/g;

export default {
  marks: opening,
  read: (text) =>
    [...text.matchAll(opening)].flatMap(({ 0: mark, index: start }) => {
      const from = start + mark.length;
      const fence = /^\s*```(?:json)?/.exec(text.slice(from, from + 40))?.[0].length ?? 0;
      const { values, end } = valuesAt(text, from + fence);
      return values.flatMap((value) => callsOf(value, true)).map((action) => ({ start, end, action }));
    }),
} satisfies TextCallFormat;
