import { isJsonObject } from '../../../core/json.ts';
import { valueAt } from '../json-calls.ts';
import { isKnown, type TextCallFormat } from '../text-call.ts';

/** A name, then its arguments as JSON: all of a reply, as GLM-4 writes it, or after `Action:` and `Action Input:`. */
const forms = [/^\s*([\w.-]+)\s*\n\s*(?=\{)/, /^Action:\s*([\w.-]+)[ \t]*\nAction Input:\s*(?=\{)/m];

export default {
  read: (text, functions) =>
    forms.flatMap((form) => {
      const start = text.search(form);
      const [head = '', name = ''] = form.exec(text) ?? [];
      const found = isKnown(name, functions) ? valueAt(text, start + head.length) : null;
      return found && isJsonObject(found.value)
        ? [{ start, end: found.end, action: { name, arguments: found.value } }]
        : [];
    }),
} satisfies TextCallFormat;
