import type { Scale } from './question.ts';

/** The keys under which an answer stands beside its reason. */
const answerKeys =
  /^(?:answer|verdict|score|value|rating|result|label|judge?ment|decision|(?:is_?)?(?:met|satisfied|fulfilled|true))$/i;
const highestKeys = /^(?:max|maximum|max_?score|out_?of)$/i;

/** The score in 0..1 that one answer says, with or without a reason beside it; `null` for what is off the scale or leaves a choice. */
export function scoreOf(value: unknown, scale: Scale): number | null {
  if (typeof value !== 'object' || value === null) return scale === 'yes-no' ? yesOrNo(value) : outOfTen(value);
  if (Array.isArray(value)) return null;
  const entries = Object.entries(value);
  if (entries.some(([key, most]) => highestKeys.test(key) && Number(most) !== (scale === 'ten' ? 10 : 1))) return null;
  const scores = entries.flatMap(([key, one]) =>
    answerKeys.test(key) ? [typeof one === 'object' ? null : scoreOf(one, scale)] : [],
  );
  return new Set(scores).size === 1 ? (scores[0] ?? null) : null;
}

/** The figure that an answer gives, whatever its scale. */
function figureOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Number(/^-?\d+(?:\.\d+)?/.exec(bare(value))?.[0] ?? NaN);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const figures = Object.entries(value).flatMap(([key, one]) => (answerKeys.test(key) ? [figureOf(one)] : []));
  return figures.find((one) => one !== null && !Number.isNaN(one)) ?? null;
}

/**
 * Whether figures of one reply are of another scale than was asked for: shares or percentages for tenths, tenths for yes and no.
 * Then a 1 among them may be much or little.
 */
export function isOtherScale(values: readonly unknown[], scale: Scale): boolean {
  const figures = values.map(figureOf).filter((one) => one !== null);
  if (scale === 'yes-no') return figures.some((one) => one > 1 || (one > 0 && one < 1));
  return figures.some((one) => (one > 0 && one < 1) || (one > 10 && one <= 100));
}

export const isFigure = (value: unknown): boolean => Number.isFinite(figureOf(value) ?? NaN);

/** Without emphasis, quotation marks and a full stop. */
const bare = (text: string): string =>
  text
    .trim()
    .replace(/^["'“”*_`]+|["'“”*_`.!]+$/g, '')
    .trim();

/** What follows is a reason; without a mark between them the words belong together, as in “no doubt”. */
const withReason = /^(yes|no|true|false)\s*(?:[,.;:—–(]|\s-|\s(?:because|since)\b)[\s\S]*$/i;

function yesOrNo(value: unknown): number | null {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  if (typeof value !== 'string') return null;
  const text = bare(value).toLowerCase();
  const word = withReason.exec(text)?.[1] ?? text;
  const reason = text.slice(word.length);
  if (/\b(?:yes|no|not sure|unsure|unclear|maybe|partly|partially|but|however|or)\b/.test(reason)) return null;
  if (['yes', 'y', 'true', '1'].includes(word)) return 1;
  return ['no', 'n', 'false', '0'].includes(word) ? 0 : null;
}

/** `8`, `8/10`, `8 out of 10`, and a reason without other figures behind it. */
const tenth = /^(\d{1,2})(?:\.0+)?(?:\s*(?:\/|out of)\s*10)?(?:\s*(?:[,.;:—–(]|\s-)[^\d]*)?$/i;

function outOfTen(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(tenth.exec(bare(value))?.[1] ?? NaN) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 10) return null;
  return Math.abs(number) / 10;
}
