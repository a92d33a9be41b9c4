import { isJsonObject, type Json } from '../../core/json.ts';
import type { Observation, Visible } from '../../core/types.ts';
import { callCode, type KnownCall } from './call-code.ts';

/**
 * A program that makes these calls one after the other and returns what they bring: the result of a single one, and of several the list
 * of theirs. One of several that fails leaves its error there in words, and those behind it are made all the same.
 */
export function returningProgram(calls: readonly KnownCall[], names: Pick<Visible, 'inProgram'>): string {
  const codes = calls.map((call) => callCode(call, JSON.stringify(call.arguments), names));
  if (codes.length === 1) return `return ${codes[0]};`;
  return ['return [', ...codes.map((code) => `  ${code}.catch(String),`), '];'].join('\n');
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
  // What the view says beside results follows in lines of its own.
  const [line = ''] = text.split('\n');
  const list = isError ? undefined : parsed(line);
  if (Array.isArray(list) && list.length === count)
    return list.map((value: Json) => ({ text: plainText(value), isError: isFailure(value) }));
  return Array.from({ length: count }, (_, i) => ({ text: i === count - 1 ? text : '', isError }));
}

const isFailure = (value: Json): boolean => typeof value === 'string' && value.startsWith('Error: ');

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
