/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Levels of what is still read: far more than anybody means, and far fewer than code that calls itself can follow. */
const DEEPEST = 200;

/** That a value of JSON is nested too deep to be worked with, in words that follow "it"; else `null`. */
export const tooDeep = (value: unknown): string | null =>
  isDeeper(value, DEEPEST) ? `is nested deeper than ${DEEPEST} levels` : null;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** The beginning of a value as JSON, for messages. */
export function excerptOf(value: unknown, characters = 60): string {
  if (tooDeep(value) !== null) return 'something nested without end';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}
