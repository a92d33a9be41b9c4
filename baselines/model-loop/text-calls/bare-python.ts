import { callsBetween } from '../python-calls.ts';
import { isKnown, type TextCallFormat } from '../text-call.ts';

/** A reply that is nothing but calls as Python writes them, in a list perhaps, as Llama 4 and others are asked for. */
export default {
  read: (text, functions) => {
    const from = /^\s*\[?\s*(?=[A-Za-z_][\w.]*\()/.exec(text)?.[0].length;
    if (from === undefined) return [];
    const calls = callsBetween(text, from, text.trimEnd().replace(/\]$/, '').length, functions);
    return calls.every(({ action }) => isKnown(action.name, functions)) ? calls : [];
  },
} satisfies TextCallFormat;
