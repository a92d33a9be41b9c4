import { itemsOf } from '../exact-text.ts';
import { isSure } from './fold.ts';
import { readingsOf } from './readings.ts';

const mark = /^(?:[-*+•◦‣·–]|\(?\d{1,3}[.)])\s+(?:\[[xX]\]\s+)?/u;
const rule = /^(?:[-*_]\s*){3,}$/;

/**
 * The lists that a text can be read as: a JSON list, also in an object or with single quotes; lines with bullets or numbers,
 * also below a sentence that ends with a colon; parts between commas or semicolons with an `and` before the last.
 */
export function listsIn(text: string): readonly (readonly string[])[] {
  return readingsOf(text).flatMap((reading) => [
    ...(reading.startsWith('[') ? bracketed(reading) : [itemsOf(reading)]),
    ...lines(reading),
    ...(reading.includes('\n') ? [] : [between(reading, ';'), between(reading, ',')]),
  ]);
}

function bracketed(text: string): string[][] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? [list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))] : [];
  } catch {
    const quoted = /^\[\s*'[^'\n]*'(?:\s*,\s*'[^'\n]*')*,?\s*\]$/.test(text) ? [...text.matchAll(/'([^'\n]*)'/g)] : [];
    return quoted.length > 0 ? [quoted.map(([, inner = '']) => inner)] : [itemsOf(text)];
  }
}

function lines(text: string): string[][] {
  const all = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !rule.test(line));
  const [first = '', ...rest] = all;
  const isIntroduced = rest.length > 0 && (/:[*_]*$/.test(first) || /^#{1,6}\s/.test(first)) && isSure(first);
  const listed = isIntroduced && rest.every((line) => mark.test(line)) ? rest : all;
  if (listed.length < 2 && !isIntroduced) return [];
  return [listed.map((line) => line.replace(mark, '').replace(/[,;]$/, '')).filter((line) => line !== '')];
}

const between = (text: string, separator: ',' | ';'): string[] => {
  const parts = text.split(separator).map((part) => part.trim());
  const last = parts.pop() ?? '';
  const ends =
    parts.length === 0 || !/^(?:and|&)\s/i.test(last)
      ? last.split(/\s+(?:and|&)\s+/)
      : [last.replace(/^(?:and|&)\s+/i, '')];
  return [...parts, ...ends].filter((part) => part !== '');
};
