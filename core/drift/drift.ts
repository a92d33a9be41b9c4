import type { Difference } from './differences.ts';

/** One thing that a policy was given otherwise than before. */
export interface Drift {
  /** e.g. `The description of the tool read_note of server notes changed`. */
  readonly what: string;
  readonly difference: Difference;
}

/** What was added and removed of named things, and how those that stayed changed. */
export function* namedDrift<T>(
  before: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
  noun: string,
  changed: (name: string, before: T, now: T) => Iterable<Drift>,
  of = '',
): Generator<Drift> {
  for (const [name, was] of before) {
    const is = now.get(name);
    if (is === undefined) yield { what: `The ${noun} ${name}${of} was removed`, difference: [`- ${name}`] };
    else yield* changed(name, was, is);
  }
  for (const name of now.keys())
    if (!before.has(name)) yield { what: `The ${noun} ${name}${of} was added`, difference: [`+ ${name}`] };
}

export const mapOf = <T>(record: Readonly<Record<string, T>>): Map<string, T> => new Map(Object.entries(record));

/** Each thing that drifted, and how. */
export const driftLines = (drift: readonly Drift[]): string[] =>
  drift.flatMap(({ what, difference }) => [`Drift: ${what}.`, ...difference.map((line) => `  ${line}`)]);

const mostShown = 10;

/** The lines of the first of what drifted, where all of it may be as long as a list of thousands of tools. */
export function driftExcerpt(drift: readonly Drift[]): string[] {
  const rest = drift.length - mostShown;
  return [...driftLines(drift.slice(0, mostShown)), ...(rest > 0 ? [`… and ${rest} more.`] : [])];
}

const mostNamed = 3;

/** The first of what drifted in one sentence, and how much more there is. */
export function driftNamed(drift: readonly Drift[]): string {
  const rest = drift.length - mostNamed;
  const named = drift.slice(0, mostNamed).map(({ what }) => what);
  return `${named.join('; ')}${rest > 0 ? `; ${rest} more` : ''}.`;
}

/** Two hashes in the form of a difference. */
export const hashDifference = (before: string, now: string): Difference => [`- SHA-256 ${before}`, `+ SHA-256 ${now}`];
