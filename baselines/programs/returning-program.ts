import { isJsonObject, type Json } from '../../core/json.ts';
import type { References } from '../../core/plan.ts';
import type { Observation } from '../../core/types.ts';
import { callCode, keyOf, namesBeside, promiseCode, type Known, type KnownCall } from './call-code.ts';
import { referenceCodeOr, valueCode } from './value-code.ts';

/**
 * A program that makes these calls one after the other and returns what they bring: the result of a single one, and of several the list
 * of theirs. One of several that fails leaves its error there in words, and those behind it are made all the same. `references`: what
 * calls take from results of earlier ones, by their places among these; a call that takes from one that failed fails with it.
 */
export function returningProgram(calls: readonly KnownCall[], visible: Known, references: References = []): string {
  if (references.length > 0) return referringProgram(calls, visible, references);
  const codes = calls.map((call) => callCode(call, JSON.stringify(call.arguments), visible));
  if (codes.length === 1) return `return ${codes[0]};`;
  return ['return [', ...codes.map((code) => `  ${code}.catch(String),`), '];'].join('\n');
}

function referringProgram(calls: readonly KnownCall[], visible: Known, references: References): string {
  const names = namesBeside(visible, calls);
  const missing = names.variable('missing');
  const promiseOf = (place: number) => names.variable(`call${place + 1}`);
  const codeOf = new Map(
    references.map((one) => [
      keyOf(one.call, one.argument),
      referenceCodeOr(`await ${promiseOf(one.from)}`, one, `${missing}()`),
    ]),
  );
  const lines = calls.flatMap((call, place) => {
    const given = valueCode(call.arguments, (path) => codeOf.get(keyOf(place, path)));
    const made = promiseCode(call, given, visible);
    // Within a function of its own, what it takes can be missing without an end to all.
    const promise = references.some((one) => one.call === place) ? `(async () => ${made})()` : made;
    const result = `const ${names.result(place)} = await`;
    if (!references.some((one) => one.from === place)) return [`${result} ${promise}.catch(String);`];
    return [`const ${promiseOf(place)} = ${promise};`, `${result} ${promiseOf(place)}.catch(String);`];
  });
  const results = `return [${calls.map((_, place) => names.result(place)).join(', ')}];`;
  const isPart = references.some(({ at, pattern }) => at.length > 0 || pattern !== undefined);
  const thrower = `function ${missing}() {\n  throw Error('what it takes of an earlier result is not there');\n}`;
  return [...lines, results, ...(isPart ? [thrower] : [])].join('\n');
}

/** What of a result a policy reads. */
type Read = Pick<Observation, 'text' | 'isError'>;

/**
 * What such a program's calls brought, each as the policy would have been shown it. Where the list cannot be read, since the program
 * was stopped or the result cut, all of it stands for the last call, and the others count as what the program was, failed or not.
 */
export function returnedResults(observation: Observation, count: number): readonly Read[] {
  const { text, isError } = observation;
  if (count === 1) return [{ text: isError ? text : plainText(parsed(text) ?? text), isError }];
  const values = returnedValues(observation, count);
  if (values) return values.map((value) => ({ text: plainText(value), isError: isFailure(value) }));
  return Array.from({ length: count }, (_, i) => ({ text: i === count - 1 ? text : '', isError }));
}

/** The results themselves of several calls, in their order; undefined where they cannot be read. */
export function returnedValues({ text, isError }: Observation, count: number): readonly Json[] | undefined {
  // What the view says beside results follows in lines of its own.
  const [line = ''] = text.split('\n');
  const list = isError ? undefined : parsed(line);
  return Array.isArray(list) && list.length === count ? list : undefined;
}

/** By the words of the exceptions that calls, and what they take from results, end with. */
const isFailure = (value: Json): boolean => typeof value === 'string' && /^(?:Type)?Error: /.test(value);

/** A text as it is, also where it is all that an object holds; else JSON. */
function plainText(value: Json): string {
  if (typeof value === 'string') return value;
  const [only, ...others] = isJsonObject(value) ? Object.values(value) : [];
  return typeof only === 'string' && others.length === 0 ? only : JSON.stringify(value);
}

function parsed(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
