/* What stands in a server's block, as clients take it: some write numbers and booleans without quotes. */

type Plain = string | number | boolean;

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
export const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;

const isPlain = (value: unknown): value is Plain => ['string', 'number', 'boolean'].includes(typeof value);

export const isTexts = (value: unknown): value is readonly Plain[] => Array.isArray(value) && value.every(isPlain);

export const isTextMap = (value: unknown): value is Readonly<Record<string, Plain | null>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => one === null || isPlain(one));

export const isReset = (value: unknown): value is 'restart' | 'keep' | readonly Plain[] =>
  value === 'restart' || value === 'keep' || (isTexts(value) && value.length > 0);

export const textsIn = (values: readonly unknown[] | undefined): readonly string[] | undefined => values?.map(String);

/** `null` takes a variable away. */
export const textsOf = (
  values: Readonly<Record<string, Plain | null>> | undefined,
): Record<string, string> | undefined =>
  values && Object.fromEntries(Object.entries(values).flatMap(([key, one]) => (one === null ? [] : [[key, `${one}`]])));

/** A value as a sentence names it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
