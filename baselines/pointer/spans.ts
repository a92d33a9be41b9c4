/** A piece of the prompt that may be an argument. Offsets are UTF-16 units of the prompt. */
export interface Span {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

const quotes = [
  /(?<=^|[\s([{:,=])'([^'\n]+)'(?=$|[\s.,;:!?)\]}])/g,
  /"([^"\n]+)"/g,
  /`([^`\n]+)`/g,
  /[“„]([^”“\n]+)[”“]/g,
  /‘([^’\n]+)’/g,
  /«([^»\n]+)»/g,
];

/** What people leave unquoted: paths and file names, sums, identifiers, names, numbers. Earlier patterns win. */
const bare = [
  /(?:[\w.~-]+)?\/[\w.~/-]*[\w~/-]|[\w-]+(?:\.[\w-]+)*\.[a-z]{1,5}\b/g,
  /[\d(][\d\s().]*(?:[-+*/^%]\s*[\d(][\d\s().]*)+(?<=[\d)])/g,
  /\b[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+\b/g,
  /(?<=[a-z,;:]\s)[A-Z][\w-]*(?:\s[A-Z][\w-]*)*/g,
  /-?\b\d+(?:\.\d+)?\b/g,
];

/** All spans in order of the prompt. Quoted ones come first in dispute; nothing overlaps. */
export function spansOf(prompt: string): readonly Span[] {
  const spans: Span[] = [];
  let rest = prompt;
  const take = (pattern: RegExp, isQuoted: boolean) => {
    for (const match of rest.matchAll(pattern)) {
      const whole = match[0];
      const value = (match[1] ?? whole).trim();
      if (value === '') continue;
      spans.push({ value, start: match.index, end: match.index + whole.length, isQuoted });
    }
    rest = masked(prompt, spans);
  };
  for (const pattern of quotes) take(pattern, true);
  for (const pattern of bare) take(pattern, false);
  // Text after a colon up to the line's end, where nothing in it is quoted.
  for (const match of masked(
    prompt,
    spans.filter(({ isQuoted }) => isQuoted),
  ).matchAll(/:\s+([^\n\uFFFC]{3,}?)[.]?(?=\n|$)/g)) {
    const start = match.index + match[0].indexOf(match[1] ?? '');
    const value = prompt.slice(start, start + (match[1] ?? '').length);
    spans.push({ value, start, end: start + value.length, isQuoted: false });
  }
  return spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/** The prompt with every span blotted out, so that its words are only those around the spans. */
export function masked(prompt: string, spans: readonly Span[]): string {
  let result = prompt;
  for (const { start, end } of spans)
    result = result.slice(0, start) + '\uFFFC'.repeat(end - start) + result.slice(end);
  return result;
}

const pathPattern = /^[^\s]*\/[^\s]*$|^[\w-]+(?:\.[\w-]+)*\.[a-z]{1,5}$/i;
export const isPath = (value: string): boolean => pathPattern.test(value) && !/^\d+(\.\d+)?\/\d/.test(value);
export const hasExtension = (value: string): boolean => /[\w-]\.[a-z][a-z0-9]{0,4}$/i.test(value);
export const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);
