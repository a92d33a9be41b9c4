/** How a policy's calls are carried out: one by one as the policy asks for them, by programs that it writes, or as it likes. */
export const executions = ['calls', 'programs', 'both'] as const;
export type Execution = (typeof executions)[number];

/** The meta-tool that runs a program. */
export const RUN_PROGRAM = 'run_program';

/** Whether a decision holds a program: what it costs in later prompts is told apart from other turns. */
export const isProgram = ({
  calls,
}: {
  readonly calls: readonly { readonly action: { readonly name: string } }[];
}): boolean => calls.some(({ action }) => action.name === RUN_PROGRAM);

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
 * What names of servers, or of one server's tools, are called in a program: a character that no identifier has becomes `_`, and
 * what is taken gets a `_` at its end; two that would be the same are told apart by a number. Equal names give equal identifiers.
 */
export function identifiersOf(names: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const used = new Set<string>();
  // Those that are identifiers stay as they are, whatever else would become the same.
  for (const name of [...names.filter(isPlain), ...names.filter((one) => !isPlain(one))]) {
    const plain = plainIdentifier(name);
    let identifier = plain;
    for (let number = 2; used.has(identifier); number++) identifier = `${plain}_${number}`;
    used.add(identifier);
    given.set(name, identifier);
  }
  return given;
}

const isPlain = (name: string): boolean => plainIdentifier(name) === name;

function plainIdentifier(name: string): string {
  const written = name.replaceAll(/[^\p{L}\p{N}_$]/gu, '_').replace(/^(?=\p{N}|$)/u, '_');
  // Letters that no identifier may have stand in few scripts: they are no reason for a list of all that may.
  const plain = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(written) ? written : written.replaceAll(/\W/g, '_');
  return taken.has(plain) ? `${plain}_` : plain;
}
