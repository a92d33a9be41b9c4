/** Words that a program cannot use as names, and names that mean something else to it. */
const taken = new Set(
  (
    'arguments async await break case catch class const constructor continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null of package private protected ' +
    'prototype public return static super switch then this throw toJSON true try typeof undefined var void while with yield ' +
    '__proto__ hasOwnProperty toString valueOf globalThis console ' +
    'Array ArrayBuffer Atomics BigInt Boolean DataView Date Error Function Infinity Intl Iterator JSON Map Math NaN Number ' +
    'Object Promise Proxy Reflect RegExp Set SharedArrayBuffer String Symbol WeakMap WeakRef WeakSet escape isFinite isNaN ' +
    'parseFloat parseInt unescape'
  ).split(' '),
);

/**
 * What names of servers, or of one server's tools, are called in programs, declarations and the words about them: each as
 * `identifierOf` has it, and those that would be the same told apart by a number, in the order of the names. A name that is an
 * identifier stays as it is, whatever else would become the same.
 */
export function identifiersOf(names: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const used = new Set<string>();
  for (const name of new Set([...names.filter(isPlain), ...names])) {
    const identifier = freeName(identifierOf(name), used);
    used.add(identifier);
    given.set(name, identifier);
  }
  return given;
}

const isPlain = (name: string): boolean => identifierOf(name) === name;

/** The name, or with the first number from 2 on behind it that nobody uses: `a_b`, `a_b_2`. */
export function freeName(name: string, used: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; used.has(free); number++) free = `${name}_${number}`;
  return free;
}

/** A name as an identifier: a character that none has becomes `_`, a digit gets one before it, and what is taken one at its end. */
export function identifierOf(name: string): string {
  const written = withoutOddCharacters(name).replace(/^(?=\p{N}|$)/u, '_');
  // Letters that no identifier may have stand in few scripts: they are no reason for a list of all that may.
  const plain = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(written) ? written : written.replaceAll(/\W/g, '_');
  return taken.has(plain) ? `${plain}_` : plain;
}

/** The name with `_` for each character that no identifier has, which is all that most names need. */
export const withoutOddCharacters = (name: string): string => name.replaceAll(/[^\p{L}\p{N}_$]/gu, '_');
