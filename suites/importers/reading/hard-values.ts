import type { OwnCheck } from '../../own-tasks/format.ts';

/** A number that stands alone: no part of a date, time, version, word or longer number. */
const standaloneNumber = /(?<![\p{L}\d.,:/_-])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\p{L}\d:/_-]|[.,]\d)/gu;
const quoted = /"([^"\n]{2,80})"|“([^”\n]{2,80})”/g;

/** Numbers and quoted texts of a sentence, in order, each once. */
export function hardValuesIn(text: string): readonly string[] {
  const numbers = [...text.matchAll(standaloneNumber)].map(([whole]) => whole);
  const texts = [...text.matchAll(quoted)].map(([, straight, curly]) => `"${straight ?? curly ?? ''}"`);
  return [...new Set([...numbers, ...texts])];
}

/** A check that the answer holds a value of `hardValuesIn`, a number in any of the forms in which people write it. */
export function answerHolds(value: string): OwnCheck {
  if (value.startsWith('"')) return { name: `the answer says ${value}`, answer: { contains: value.slice(1, -1) } };
  return { name: `the answer says ${value}`, answer: { matches: numberPattern(value) } };
}

/** `6,446.20` → a pattern for 6446.2, 6,446.20 and 6 446.2. */
export function numberPattern(value: string): string {
  const [whole = '', fraction = ''] = value.replaceAll(',', '').replace(/^[-−]/u, '').split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, String.raw`[,\s]?`);
  const significant = fraction.replace(/0+$/, '');
  const decimals = significant === '' ? String.raw`(?:\.0+)?` : String.raw`\.${significant}0*`;
  const sign = /^[-−]/u.test(value) ? '[-−]' : '';
  return String.raw`(?<![\d.,])${sign}${grouped}${decimals}(?!\d|[.,]\d)`;
}
