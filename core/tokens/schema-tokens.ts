import type { Observation } from '../types.ts';

/** Tokens of the schemas in a result: what its text grows by where they stand. */
export function schemaTokens({ text, schemaSpan }: Observation, count: (text: string) => number): number {
  if (!schemaSpan) return 0;
  const [start, end] = schemaSpan;
  return count(text.slice(0, end)) - count(text.slice(0, start));
}
