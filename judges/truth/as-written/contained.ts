import type { Strictness } from '../../../core/goal-types.ts';
import { fold } from './fold.ts';
import { plain } from './markup.ts';
import { numbersIn, wantedNumber } from './numbers.ts';
import { shownIn } from './readings.ts';

/** Letters of scripts that write words with spaces between them and nothing joined to their ends. */
const letter = String.raw`(?:(?=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}])\p{L}|\p{M})`;
const endsInLetter = new RegExp(`${letter}$`, 'u');
const beginsInLetter = new RegExp(`^${letter}`, 'u');
const beginsAsWord = new RegExp(String.raw`^(?:${letter}|[\p{N}_])`, 'u');
const endsAsWord = new RegExp(String.raw`(?:${letter}|[\p{N}_])$`, 'u');

/**
 * Whether a text holds another as a whole: words as whole words, numbers as whole numbers by what they are worth, codes to
 * their ends; not where it is denied (`not 5`) or one of two (`5 or 6`). In `lenient`, letter case and what a word ends in do not count.
 */
export function holds(text: string, wanted: string, strictness: Strictness): boolean {
  const isLenient = strictness === 'lenient';
  const form = (one: string) => (isLenient ? one.toLowerCase() : one);
  const shown = shownIn(text);
  const searched = form(fold(wanted));
  const value = wantedNumber(searched);
  // JSON writes a line feed as a letter behind a stroke
  const texts = [shown, plain(shown), ...(/[{[]\s*"/.test(shown) ? [shown.replace(/\\[nrt"]/g, ' ')] : [])];
  return [...new Set(texts)]
    .map(form)
    .some((one) =>
      value === undefined
        ? isThere(one, searched, isLenient)
        : numbersIn(one).some((found) => found.value === value && isStated(one, found.start, found.end)),
    );
}

function isThere(text: string, wanted: string, isLenient: boolean): boolean {
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + 1)) {
    const end = start + wanted.length;
    // context enough for every look behind and ahead
    const [before, after] = [text.slice(Math.max(0, start - 40), start), text.slice(end, end + 40)];
    if (beginsWhole(before, wanted) && endsWhole(after, wanted, isLenient) && isStated(text, start, end)) return true;
  }
  return false;
}

function beginsWhole(before: string, wanted: string): boolean {
  if (!beginsAsWord.test(wanted)) return true;
  if (endsAsWord.test(before)) return false;
  return !/^\d/.test(wanted) || !/(?:\d[.,:/']|(?<![\p{L}\p{N}])-|[\p{L}\p{N}]-)$/u.test(before);
}

function endsWhole(after: string, wanted: string, isLenient: boolean): boolean {
  if (endsInLetter.test(wanted)) {
    if (/^[\p{N}_]/u.test(after)) return false;
    if (!beginsInLetter.test(after)) return true;
    return (
      isLenient || (/(?<!\p{L})\p{Ll}{3,}$/u.test(wanted) && new RegExp(`^e?s(?!${letter}|[\\p{N}_])`, 'u').test(after))
    );
  }
  if (!/\d$/.test(wanted)) return true;
  return !beginsAsWord.test(after) && !/^(?:[.,:/'][\p{L}\p{N}]*\d|-[\p{L}\p{N}]|[²³⁰-⁹¼½¾])/u.test(after);
}

const denied =
  /(?:\b(?:not|never|neither|nor|than|without|except|or|oder|ou|kein|keine|nicht)|n't|(?:^|\s)[~≈≠<>])[\s"'*_`(]*$/i;
const open = /^["'*_`)]*\s*(?:\?|,?\s*(?:or|oder|ou)\b)/i;

/** Neither denied nor one of two at this place. */
const isStated = (text: string, start: number, end: number): boolean =>
  !denied.test(text.slice(Math.max(0, start - 40), start)) && !open.test(text.slice(end, end + 40));
