import type { Strictness, TextTest } from '../../../core/goal-types.ts';
import { hasMatch } from '../bounded-pattern.ts';
import { bare, passesExactly } from '../exact-text.ts';
import { holds } from './contained.ts';
import { fold, isSure } from './fold.ts';
import { plain } from './markup.ts';
import { listsIn } from './lists.ts';
import { numberIn, numbersIn } from './numbers.ts';
import { longestCharacters, readingsOf, shownIn } from './readings.ts';

type Reading = Exclude<Strictness, 'exact'>;

/** Whether a text passes in one of the forms in which people write it. Pure. */
export function passesAsWritten(test: TextTest, text: string, strictness: Reading): boolean {
  if ('contains' in test) return holds(text, test.contains, strictness);
  if ('matches' in test) return matches(test.matches, text);
  if ('number' in test) return isNumber(text, test, strictness);
  if (passesExactly(test, text)) return true;
  if ('equals' in test) {
    const wanted = wantedForms(test.equals, strictness);
    return formsOf(text, strictness).some((one) => wanted.has(one));
  }
  return listsIn(text).some((given) => isSameList(test.items, given, strictness));
}

/* ---- texts ---- */

/** Words that begin a sentence as often as not. */
const saidEitherWay = /^(?:yes|no|true|false|none)$/i;

const inCase = (text: string): string => (saidEitherWay.test(text) ? text.toLowerCase() : text);

/** Without letter case, articles, and marks and white space that no word needs. */
const loose = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/^(?:the|an?)\s+/, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'(]+|[\s"')!,;:.]+$/g, '');

function wantedForms(wanted: string, strictness: Reading): ReadonlySet<string> {
  const forms = [fold(wanted).trim(), fold(bare(wanted)).trim()].map(inCase);
  return new Set(strictness === 'lenient' ? [...forms, ...forms.map(loose)] : forms);
}

function formsOf(text: string, strictness: Reading): readonly string[] {
  const readings = readingsOf(text).flatMap((one) => [one, ungrouped(one)]);
  if (strictness === 'normal') return readings.map(inCase);
  return [...readings, ...readings.flatMap(saidLast)].flatMap((one) => [inCase(one), loose(one)]);
}

/** What a sentence says behind its last `is` or colon, where nothing in it is in doubt. */
function saidLast(text: string): string[] {
  const [, head = '', said = ''] = /^([^\n]*(?:\b(?:is|are|was|were)\b|[:=]))\s+([^\n]+)$/i.exec(text) ?? [];
  return said !== '' && isSure(head) ? [said] : [];
}

/** A whole number without the marks between groups of three digits. */
const ungrouped = (text: string): string =>
  /^-?[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+|(?:_\d{3})+)$/.test(text) ? text.replace(/[, '_]/g, '') : text;

/* ---- patterns ---- */

/** A pattern that shuts something out must see what there is. */
const excludes = /\[\^|\(\?<?!/;

const matches = (pattern: string, text: string): boolean =>
  (excludes.test(pattern) ? [text, fold(text)] : [text, ...readingsOf(text)]).some((one) => hasMatch(pattern, one));

/* ---- numbers ---- */

/** Sums of binary fractions are off in the last digits, which is no reason to refuse the edge of a tolerance. */
const isNear = (value: number, { number, tolerance }: { number: number; tolerance: number }): boolean =>
  Math.abs(value - number) <= tolerance * (1 + 1e-9);

function isNumber(text: string, test: { number: number; tolerance: number }, strictness: Reading): boolean {
  const values = new Set(readingsOf(text).flatMap((one) => numberIn(one, isSure) ?? []));
  // read as two numbers it is neither
  if (values.size > 0) return values.size === 1 && [...values].every((one) => isNear(one, test));
  if (strictness === 'normal' || text.length > longestCharacters) return false;
  const shown = plain(shownIn(text));
  const [found, ...others] = numbersIn(shown);
  const isOnly = found !== undefined && others.every(({ value }) => value === found.value);
  return isOnly && isSure(shown) && restHasNoDigits(shown) && isNear(found.value, test);
}

/** Digits that are no numbers, of a date or a name, leave open which number was meant. */
function restHasNoDigits(text: string): boolean {
  let rest = text;
  for (const { start, end } of numbersIn(text).toReversed()) rest = rest.slice(0, start) + rest.slice(end);
  return !/\d/.test(rest);
}

/* ---- lists ---- */

const mostItems = 500;

function isSameList(wanted: readonly string[], given: readonly string[], strictness: Reading): boolean {
  const items = strictness === 'lenient' ? [...new Set(given.map((one) => loose(plain(one))))] : given;
  if (items.length !== wanted.length || items.length > mostItems) return false;
  const left = items.map((one) => formsOf(one, strictness));
  return wanted.every((one) => {
    const forms = wantedForms(one, strictness);
    const place = left.findIndex((readings) => readings.some((reading) => forms.has(reading)));
    return place >= 0 && left.splice(place, 1).length === 1;
  });
}
