import { isJsonObject } from '../../../core/json.ts';
import { valueAt } from '../json-calls.ts';
import type { TextCallFormat } from '../text-call.ts';

/**
 * `<｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{JSON}<｜tool▁call▁end｜>` as DeepSeek V3.1 writes it; V3 and R1 put `function` before the
 * mark between, and the arguments into a fence. Some servers write the marks with plain bars and underscores.
 */
const head =
  /<[｜|]tool[▁_]call[▁_]begin[｜|]>\s*(?:function\s*<[｜|]tool[▁_]sep[｜|]>\s*([\w.:/-]+)\s*```(?:json)?|([\w.:/-]+)\s*<[｜|]tool[▁_]sep[｜|]>)\s*(?=\{)/g;

export default {
  marks: /<[｜|]tool[▁_]calls?[▁_]begin[｜|]>/,
  read: (text) =>
    [...text.matchAll(head)].flatMap(({ 0: whole, 1: older, 2: newer, index: start }) => {
      const found = valueAt(text, start + whole.length);
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name: older ?? newer ?? '', arguments: found.value } }]
        : [];
    }),
} satisfies TextCallFormat;
