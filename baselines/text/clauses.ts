import { quotedSpans } from './quoted-spans.ts';

/** Parts of a prompt that quote something, cut at sentence ends, semicolons and words of sequence; the whole where none does. */
export function clausesOf(prompt: string): string[] {
  const parts = prompt.split(/(?<=["”\w])[.;?] |, then |, after that | and (?!the |its |whose )(?=\p{Ll}+ )/u);
  const quoting = parts.filter((part) => quotedSpans(part).length > 0);
  return quoting.length > 0 ? quoting : [prompt];
}

/** A text without what it quotes. */
export const withoutSpans = (text: string): string => text.replaceAll(/"[^"]*"|“[^”]*”/gu, ' ');

/** What to search for by a clause: its words without its values, or the clause where it has no others. */
export const queryOf = (clause: string): string => withoutSpans(clause).trim() || clause;
