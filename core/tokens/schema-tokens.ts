import type { Observation } from '../types.ts';

/** Tokens of the schemas in a result: what its text grows by where they stand. */
export function schemaTokens({ text, schemaSpan }: Observation, count: (text: string) => number): number {
  if (!schemaSpan) return 0;
  const [start, end] = schemaSpan;
  return count(text.slice(0, end)) - count(text.slice(0, start));
}

/**
 * Adds an observation's tokens in schemas to those of its server, or servers: each gets what the text grows by with its part, and
 * the last what is around them.
 */
export function addSchemas(
  schemas: Record<string, number>,
  { server, text, schemaParts }: Observation,
  tokens: number,
  count: (text: string) => number,
): void {
  let [before, rest] = [0, tokens];
  for (const part of (schemaParts ?? []).slice(0, -1)) {
    const upTo = count(text.slice(0, part.end));
    schemas[part.server] = (schemas[part.server] ?? 0) + upTo - before;
    rest -= upTo - before;
    before = upTo;
  }
  const last = schemaParts?.at(-1)?.server ?? server;
  schemas[last] = (schemas[last] ?? 0) + rest;
}
