/** Digits with whatever may stand among them; what they mean is another question. */
const digits = String.raw`(?:\.\d+|\d(?:[\d.,'_ ]*\d)?)`;
const power = String.raw`(?:[eE][+-]?\d{1,3}|\s*[x×*·]\s*10\s*(?:\^\s*\{?\s*[+-]?\d{1,3}\}?|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))`;
const currency = String.raw`(?:US\$|[$€£¥₹]|USD|EUR|GBP|CHF)`;

const groups = [
  /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/,
  /^[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?$/,
  /^[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?$/,
  /^[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?$/,
  /^[1-9]\d{0,2}(?:_\d{3})+(?:\.\d+)?$/,
  /^[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$/,
  /^[1-9]\d{0,2}\.\d{3},\d+$/,
];
/** `1.234` has a point and `1,234` a separator, as in the language of the prompts; any other single comma is a point. */
const decimals = [/^\d+(?:\.\d+)?$/, /^\.\d+$/, /^(?:0|\d{4,}),\d+$/, /^\d+,(?:\d{1,2}|\d{4,})$/];

/** The number that digits with their separators say, or none where two people could read them as two. */
function numeral(text: string): number | undefined {
  if (decimals.some((form) => form.test(text))) return Number(text.replace(',', '.'));
  if (!groups.some((form) => form.test(text))) return undefined;
  const point = /[.,](?=\d+$)/.exec(text)?.index ?? text.length;
  const isSeparator = /^.\d{3}$/.test(text.slice(point)) && text.slice(0, point).split(text[point] ?? '').length > 1;
  const isGroup = isSeparator || (/^,\d{3}$/.test(text.slice(point)) && /^\d+(?:,\d+)*$/.test(text.slice(0, point)));
  const whole = text.slice(0, isGroup ? undefined : point).replaceAll(/\D/g, '');
  return Number(isGroup ? whole : `${whole}.${text.slice(point + 1)}`);
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** The exponent in `e3`, `× 10^3`, `×10³`. */
function exponentIn(text: string | undefined): number {
  if (text === undefined) return 0;
  const plain = text.replace(/[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/gu, (sign) =>
    sign === '⁻' ? '-' : sign === '⁺' ? '' : `${raised.indexOf(sign)}`,
  );
  return Number(/^e/i.test(plain) ? plain.slice(1) : /10\s*\^?\s*\{?\s*([+-]?\d+)\}?$/.exec(plain)?.[1]);
}

const valueOf = (sign: string | undefined, body: string, exponent: string | undefined): number | undefined => {
  const value = numeral(body);
  if (value === undefined) return undefined;
  const scaled = exponent === undefined ? value : Number(`${value}e${exponentIn(exponent)}`);
  return /^(?:-|minus)/i.test(sign ?? '') ? -scaled : scaled;
};

const symbols =
  /^(?:[%‰$€£¥₹]|°\s?[CFK]?|(?:[kmcdµμn]?m|km\/h|m\/s|mph|[kmµμ]?g|[kmgt]i?b|[mkµμn]?s|sec|min|h|hr|hrs|[kmg]?hz|[kmg]?wh?|[mk]?v|[mk]?j|kcal|[mcd]?l|px|pt|ft|lb|lbs|oz|usd|eur|gbp|chf)[²³]?)$/iu;
/** Words that make another number of the one before them, or take it back. */
const noUnits =
  /^(?:k|m|b|bn|mn|mio|mrd|tn|lakhs?|crores?|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|score|halves|half|thirds?|quarters?|tenths?|hundredths?|thousandths?|squared|cubed|factorial|times|plus|minus|and|of|to|is|was|were|are|be|but|in|out|on|by|than|per|bc|bce|ago|short|too|off|except|extra|else|others?|wrong|incorrect|false|untrue)$/i;

function isUnit(text: string, isSure: (text: string) => boolean): boolean {
  if (text === '') return true;
  const rest = text.trim();
  if (/^[kKMB]$/.test(rest)) return false;
  if (symbols.test(rest)) return true;
  if (text === rest || !isSure(rest)) return false;
  const words = rest.split(' ');
  return (
    words.length <= 3 &&
    words.every((word) => (/^\p{L}[\p{L}'²³/-]*$/u.test(word) || symbols.test(word)) && !noUnits.test(word))
  );
}

const whole = new RegExp(
  String.raw`^(?:${currency}\s*)?(?<sign>[+-]|minus\s+)?(?:${currency}\s*)?(?<body>${digits})(?<power>${power})?\.?(?<unit>[^\d.,][^]*)?$`,
  'iu',
);

/** The number that a reading of an answer is, a currency sign before it and a unit of up to three words behind it aside. */
export function numberIn(reading: string, isSure: (text: string) => boolean): number | undefined {
  const { sign, body = '', power: exponent, unit = '' } = whole.exec(reading)?.groups ?? {};
  return body === '' || !isUnit(unit, isSure) ? undefined : valueOf(sign, body, exponent);
}

/** A number inside a text, with its place. */
export interface FoundNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

const stretch = String.raw`(?:[1-9]\d{0,2}(?:[ ']\d{3})+(?![\d])(?:[.,]\d+)?|\d(?:[\d.,_]*\d)?|\.\d+)`;
const glued = String.raw`(?:[%‰$€£¥₹°]|(?:[kmcdµμ]?m|[kmµμ]?g|[kKMGT]i?B|ms|s|h|min|[kMG]?Hz|[mc]?l|px|USD|EUR)\b)`;
const found = new RegExp(
  // not inside a word, name, path, version, date, time or fraction, nor behind another number and a sign
  String.raw`(?<![\p{L}\p{N}_.^/\\]|\d[:,']|[\p{L}\p{N}]-|\d\s?[-+*/×÷^x]\s?)(?<sign>-)?(?<body>${stretch})(?<power>${power})?` +
    String.raw`(?:${glued})?(?![\p{L}\p{N}_²³¼½¾⁰-⁹]|[-.,:/'^\\]\p{L}?\d|-\p{L}|\s?[-+*/×÷=^]\s?\d|\s(?:to|through|bis)\s\d|\s?(?:[kKMB]|[Mm]io|[Mm]illion|billion|trillion|thousand|hundred|dozen|bn|lakh|crore)s?\b)`,
  'gu',
);

/** The numbers that stand in a text by themselves. */
export function numbersIn(text: string): FoundNumber[] {
  return [...text.matchAll(found)].flatMap(({ index, groups: parts = {}, 0: all }) => {
    const value = valueOf(parts['sign'], parts['body'] ?? '', parts['power']);
    return value === undefined ? [] : [{ value, start: index, end: index + all.length }];
  });
}

/** The number that a wanted text is, where it is nothing else: no code with zeros in front, no version. */
export const wantedNumber = (text: string): number | undefined =>
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) || /^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text)
    ? Number(text.replaceAll(',', ''))
    : undefined;
