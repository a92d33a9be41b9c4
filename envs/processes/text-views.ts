/* A text as its reader could take it: with what JSON and URLs escape written plainly, over line breaks. */

/** A reading of a text that knows where each of its characters stands there. */
export interface TextView {
  readonly text: string;
  /** Where the character at an index begins in the text that was read. */
  readonly startOf: (index: number) => number;
  /** Where it ends. */
  readonly endOf: (index: number) => number;
}

/** Escapes within escapes, so deep. */
const MOST_STEPS = 3;

type Step = (view: TextView) => TextView;

/** All readings that differ, the first without line breaks and otherwise as it stands. */
export function viewsOf(text: string): readonly TextView[] {
  const views: TextView[] = [withoutBreaks({ text, startOf: (index) => index, endOf: (index) => index + 1 })];
  const texts = new Set(views.map((view) => view.text));
  let latest: readonly TextView[] = views;
  for (let depth = 0; depth < MOST_STEPS; depth++) {
    const next: TextView[] = [];
    for (const step of steps)
      for (const view of latest.map(step))
        if (!texts.has(view.text)) {
          texts.add(view.text);
          next.push(view);
        }
    views.push(...next);
    latest = next;
  }
  return views;
}

/** Texts in several parts are joined by line breaks, and Base64 is broken into lines. */
const withoutBreaks: Step = (view) => rewritten(view, /[\r\n]/g, () => '');

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '', r: '', t: '\t' };
const fromJson: Step = (view) =>
  rewritten(view, /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g, ([, kind = '', ...digits]) =>
    kind === 'u' ? String.fromCharCode(parseInt(digits.join(''), 16)) : (shortEscapes[kind] ?? kind),
  );

/** One character of UTF-8 at a time. */
const encodedCharacter =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;
const fromUrl: Step = (view) =>
  rewritten(view, encodedCharacter, (escape) =>
    Buffer.from(escape.replaceAll('%', ''), 'hex')
      .toString()
      .replaceAll(/[\r\n]/g, ''),
  );
const fromForm: Step = (view) => rewritten(view, /\+/g, () => ' ');

const steps: readonly Step[] = [fromJson, fromUrl, fromForm];

/** Where a replaced piece begins and ends, in the text before and after. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

function rewritten(view: TextView, pattern: RegExp, replace: (piece: string) => string): TextView {
  const edits: Edit[] = [];
  let shift = 0;
  const text = view.text.replaceAll(pattern, (piece: string, ...rest: readonly unknown[]) => {
    const start = rest.find((value) => typeof value === 'number') ?? 0;
    const replacement = replace(piece);
    const newStart = start + shift;
    shift += replacement.length - piece.length;
    edits.push({ start, end: start + piece.length, newStart, newEnd: newStart + replacement.length });
    return replacement;
  });
  if (edits.length === 0) return view;
  /** The last edit that begins at or before the index. */
  const lastEdit = (index: number): Edit | undefined => {
    let low = 0;
    let high = edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edits[middle]?.newStart ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return edits[low - 1];
  };
  return {
    text,
    startOf: (index) => {
      const edit = lastEdit(index);
      if (!edit) return view.startOf(index);
      return view.startOf(index < edit.newEnd ? edit.start : edit.end + index - edit.newEnd);
    },
    endOf: (index) => {
      const edit = lastEdit(index);
      if (!edit) return view.endOf(index);
      return view.endOf(index < edit.newEnd ? edit.end - 1 : edit.end + index - edit.newEnd);
    },
  };
}
