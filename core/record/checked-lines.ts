import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../errors.ts';
import { excerptOf, tooDeep } from '../json.ts';
import { textOfBytes } from '../text-bytes.ts';

/** What is wrong with a line of a JSON Lines file that a user gives; such lines are checked against a schema. */
export interface LineFault {
  readonly line: number;
  readonly what: string;
}

/** The text of a user's file; `what` is the word for its content. Throws `UsageError`. */
export function readText(path: string, what: string): string {
  try {
    return textOfBytes(readFileSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'it is not there'
        : code === 'EISDIR'
          ? 'it is a folder; name a .jsonl file'
          : error instanceof TypeError
            ? 'it is no text in UTF-8, nor in UTF-16 with a byte order mark'
            : messageOf(error);
    throw new UsageError(`Cannot read the ${what} ${path}: ${why}.`, { cause: error });
  }
}

const MOST_SHOWN = 20;

/** Faults as one error, in the order of their lines; beyond twenty only their number is told. */
export function lineComplaint(file: string, faults: readonly LineFault[]): UsageError {
  const sorted = [...faults].sort((a, b) => a.line - b.line);
  const sentences = sorted.slice(0, MOST_SHOWN).map(({ line, what }) => `${file}:${line}: ${what}`);
  const more = sorted.length > MOST_SHOWN ? [`and ${sorted.length - MOST_SHOWN} more.`] : [];
  return new UsageError([...sentences, ...more].join('\n'));
}

/** A line by its schema, or what is wrong with it, a sentence each; `example` is how one looks. */
export function parseLine<T>(
  content: string,
  validate: ValidateFunction<T>,
  example: string,
): { readonly value: T } | { readonly faults: readonly string[] } {
  let value: unknown;
  try {
    // a byte order mark stands before a line where files were put one behind the other
    value = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { faults: [`is no JSON: ${messageOf(error)}.`] };
  }
  const deep = tooDeep(value);
  if (deep !== null) return { faults: [`${deep}.`] };
  return validate(value) ? { value } : { faults: shapeSentences(validate.errors, example) };
}

/** Errors of a schema as sentences that follow the name of what was checked. */
export function shapeSentences(errors: ValidateFunction['errors'], example = ''): string[] {
  // Errors in the branches of a choice only repeat what the choice says, as does one that says that a condition applied.
  const told = (errors ?? []).filter(
    ({ schemaPath, keyword }) => keyword !== 'if' && !/\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath),
  );
  return told.map((error) => sentenceOf(error, example));
}

function sentenceOf({ keyword, params, instancePath, data, parentSchema }: ErrorObject, example: string): string {
  const key = instancePath.slice(1).replaceAll('/', '.');
  const { description = '', properties = {} } = (parentSchema ?? {}) as { description?: string; properties?: object };
  switch (keyword) {
    case 'required':
      return `lacks the key "${params['missingProperty']}"${example === '' && key !== '' ? ` in "${key}"` : ''}.`;
    case 'additionalProperties':
      return `has the unknown key "${params['additionalProperty']}". Allowed: ${Object.keys(properties).join(', ')}.`;
    case 'anyOf':
    case 'oneOf':
      return description || `has ${excerptOf(data)} as "${key}".`;
    case 'enum':
      return `has ${excerptOf(data)} as "${key}". Allowed: ${(params['allowedValues'] as readonly unknown[]).map((one) => excerptOf(one)).join(' or ')}.`;
    case 'type':
      return instancePath === ''
        ? `is ${excerptOf(data)}, not an object. ${example === '' ? '' : `Write ${example}.`}`.trimEnd()
        : `has ${excerptOf(data)} as "${key}", not a ${params['type']}. ${description}`.trimEnd();
    default:
      return `has ${excerptOf(data)} as "${key}". ${description}`.trimEnd();
  }
}
