import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Action } from '../../core/types.ts';

/** A call that stands in a text, from `start` to before `end`. */
export interface FoundCall {
  readonly start: number;
  readonly end: number;
  readonly action: Action;
}

/** Input schemas of the functions that may be called, by name. */
export type Functions = ReadonlyMap<string, JsonObject>;

/** Default export of each file in `text-calls/`: how some models write calls where the server has no parser for them. */
export interface TextCallFormat {
  /** What says that a call was meant; absent of forms without marks, which count only where no other is there. */
  readonly marks?: RegExp;
  /** All whole calls of this form; none of a form without marks to anything but a known function. */
  readonly read: (text: string, functions: Functions) => readonly FoundCall[];
}

/** The function that a model means: some put a prefix before its name, or marks of their template behind it. */
export function functionMeant(written: string, functions: Functions): string {
  if (functions.has(written)) return written;
  const plain = written
    .replace(/<\|.*$/s, '')
    .trim()
    .replaceAll(/^["'`]+|["'`]+$/g, '');
  const tail = plain.replace(/:\d+$/, '');
  for (const name of [plain, tail, tail.split(/[.:/]/).at(-1) ?? '', tail.split('__').at(-1) ?? '']) {
    if (functions.has(name)) return name;
  }
  return written;
}

export const isKnown = (name: string, functions: Functions): boolean => functions.has(functionMeant(name, functions));

export const schemaOf = (name: string, functions: Functions): JsonObject =>
  functions.get(functionMeant(name, functions)) ?? {};

/** Schemas of a function's arguments by name. */
export function propertiesOf(schema: JsonObject): JsonObject {
  const properties = schema['properties'];
  return isJsonObject(properties) ? properties : {};
}
