/** Full-width and mathematical letters and digits, ligatures: other forms of the same. Superscripts are not, 10² is no 102. */
const otherForms = /[\uFB00-\uFB06\uFF01-\uFFEE\u{1D400}-\u{1D7FF}]+/gu;
/** Characters that show nothing and join nothing: zero-width space, soft hyphen, marks of direction, variation selectors. */
const showsNothing = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]|[\uFE0E\uFE0F]/gu;

/**
 * A text with one form for what typography writes in several: composed letters, straight quotes, a plain hyphen and minus,
 * plain spaces, line feeds, ASCII digits. Letter case, accents and white space between words stay.
 */
export const fold = (text: string): string => straight(foldSigns(text));

/** Straight quotation marks in place of all others. */
export const straight = (text: string): string => text.replace(/[‘’‚‛ʼ′]/gu, "'").replace(/[“”„‟″«»]/gu, '"');

/** As `fold`, quotation marks as they are: in JSON they tell what stands inside from what stands around. */
export const foldSigns = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(otherForms, (run) => run.normalize('NFKC'))
    .normalize('NFC')
    .replace(showsNothing, '')
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/gu, ' ')
    .replace(/[‐‑‒–—―−﹣]/gu, '-')
    .replaceAll('…', '...')
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

/** Digits of a script lie side by side, their zero where the code's last hexadecimal digit is 0 or 6. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const sixteen = code & ~0xf;
  const value = code - (/\p{Nd}/u.test(String.fromCodePoint(sixteen)) ? sixteen : sixteen + 6);
  return value >= 0 && value <= 9 ? `${value}` : digit;
}

/** Words after which a text is no longer sure of what it says, or says that it is something else. */
const doubt =
  /\b(?:not|no|nor|never|neither|either|or|without|cannot|wrong|incorrect|false|instead|maybe|perhaps|probably|possibly|might|could|may be|unsure|unknown|unclear|unable|failed|about|around|approximately|approx|roughly|nearly|almost|circa|over|under|above|below|more|less|fewer|least|most|between|unless|except|however|wait|actually|if|nicht|kein|keine|oder|etwa|ou|pas|o)\b|n't\b|[?~≈<>±≠≥≤]/i;

/** Whether nothing in a text takes back, doubts or leaves open what it says. */
export const isSure = (text: string): boolean => !doubt.test(text);
