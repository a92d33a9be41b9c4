import type { TextTest } from '../../core/goal-types.ts';
import { hasMatch } from './bounded-pattern.ts';

/**
 * Whether a text passes letter by letter: white space at both ends and one pair of quotes around the whole do not count;
 * numbers and lists are read in a few forms. Every house family is judged so.
 * @throws TaskFailure for a pattern that is no regular expression, or that takes too long.
 */
export function passesExactly(test: TextTest, text: string): boolean {
  if ('equals' in test) return bare(text) === bare(test.equals);
  if ('contains' in test) return text.includes(test.contains);
  if ('matches' in test) return hasMatch(test.matches, text);
  if ('number' in test) {
    const value = numberIn(text);
    return value !== undefined && Math.abs(value - test.number) <= test.tolerance;
  }
  const [wanted, given] = [test.items.map(bare).sort(), itemsOf(text).sort()];
  return wanted.length === given.length && wanted.every((one, index) => one === given[index]);
}

const quotes = ['""', "''", '“”', '‘’', '``', '«»'];

/** Without white space, one pair of quotes, and a full stop at the end of what is no number. */
export function bare(text: string): string {
  const trimmed = text.trim().replace(/(?<=\D)\.$/, '');
  const isQuoted = quotes.some((pair) => trimmed.length > 1 && trimmed[0] === pair[0] && trimmed.at(-1) === pair[1]);
  return isQuoted ? trimmed.slice(1, -1).trim() : trimmed;
}

/** `1,234.5`, `1 234.5`, `+7`, `12.0`, `3 %`, `1.2e3`: one number and nothing else but a unit sign. */
function numberIn(text: string): number | undefined {
  const plain = bare(text)
    .replace(/[\s%$€£]+$/u, '')
    .replace(/^[$€£]\s*/u, '')
    .replaceAll(/(?<=\d)[,\s_'](?=\d{3}(?!\d))/gu, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(plain) ? Number(plain) : undefined;
}

/** Items of a JSON list, or of lines, or between commas or semicolons; bullets, numbers and a final `and` do not count. */
export function itemsOf(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(trimmed);
      if (Array.isArray(list)) return list.map((one) => bare(String(one)));
    } catch {
      return split(trimmed.replaceAll(/^\[|\]$/g, ''));
    }
  }
  return split(trimmed);
}

const split = (text: string) =>
  text
    .split(text.includes('\n') ? /\n/ : text.includes(';') ? /;/ : /,|\s+and\s+/)
    .map((part) =>
      bare(
        part
          .trim()
          .replace(/^(?:[-*•]|\d+[.)])\s+|^and\s+/, '')
          .replace(/[,;]$/, ''),
      ),
    )
    .filter((part) => part !== '');
