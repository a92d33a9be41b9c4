import { parseDocument } from 'yaml';

/** An object or list that stands whole in a text. */
export interface Bracketed {
  readonly value: unknown;
  /** Where it begins, and where it has ended. */
  readonly start: number;
  readonly end: number;
}

export interface BracketsIn {
  readonly found: readonly Bracketed[];
  /** The beginning of one that is never closed; nothing behind it is read. */
  readonly torn: string | null;
}

const mostFound = 100;

/**
 * The outermost objects and lists of a text, as JSON or in what models write for it: single quotes or none, a comma too many,
 * comments, `True` and `False`. What cannot be read so, or names a key twice, is left out.
 */
export function bracketsIn(text: string): BracketsIn {
  const found: Bracketed[] = [];
  for (let start = 0; start < text.length && found.length < mostFound; start++) {
    if (text[start] !== '{' && text[start] !== '[') continue;
    const end = endOf(text, start);
    if (end === null) return { found, torn: text.slice(start) };
    const value = valueOf(text.slice(start, end));
    if (value !== undefined) found.push({ value, start, end });
    start = end - 1;
  }
  return { found, torn: null };
}

/** Where the bracket that opens at `start` is closed, brackets in quotation marks and comments left out. */
function endOf(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '"' || (sign === "'" && /[{[,:]\s*$/.test(text.slice(Math.max(start, at - 20), at)))) {
      at = endOfQuotation(text, at, sign);
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return null;
      at = end + 1;
    } else if (sign === '{' || sign === '[') depth++;
    else if ((sign === '}' || sign === ']') && --depth === 0) return at + 1;
  }
  return null;
}

function endOfQuotation(text: string, start: number, mark: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === mark) return at;
  }
  return text.length;
}

/** Strings first, so that what looks like a comment in one of them stays. */
const stringOrComment = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<=[\s,{[])\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

function valueOf(source: string): unknown {
  const text = source.replace(stringOrComment, (part) => (part.startsWith('/') ? ' ' : part));
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error', stringKeys: true });
  if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}
