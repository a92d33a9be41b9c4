import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** What a JSON Schema says beside a type, as short sentences behind its description; '' where it says nothing. */
export function notesOf(schema: JsonObject): string {
  const notes = [
    ...(schema['type'] === 'integer' ? ['Whole number.'] : []),
    ...range('', schema['minimum'], schema['maximum']),
    ...plain('More than', schema['exclusiveMinimum']),
    ...plain('Less than', schema['exclusiveMaximum']),
    ...plain('Multiple of', schema['multipleOf']),
    ...range(' characters', schema['minLength'], schema['maxLength']),
    ...range(' items', schema['minItems'], schema['maxItems']),
    ...(schema['uniqueItems'] === true ? ['No item twice.'] : []),
    ...plain('Format:', schema['format']),
    ...plain('Pattern:', schema['pattern']),
    ...(schema['default'] === undefined ? [] : [`Default: ${JSON.stringify(schema['default'])}.`]),
    ...(schema['deprecated'] === true ? ['Deprecated.'] : []),
  ];
  const description = typeof schema['description'] === 'string' ? schema['description'].trim() : '';
  const ended = notes.length === 0 || description === '' || /[.!?:;)]$/.test(description) ? '' : '.';
  return [`${description}${ended}`, ...notes].filter((text) => text !== '').join(' ');
}

function range(what: string, least: Json | undefined, most: Json | undefined): string[] {
  if (isBound(least)) return [isBound(most) ? `${least} to ${most}${what}.` : `At least ${least}${what}.`];
  return isBound(most) ? [`At most ${most}${what}.`] : [];
}

/** Generators of schemas write the ends of what a number can hold, which bound nothing. */
const isBound = (value: Json | undefined): value is number =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;

const plain = (words: string, value: Json | undefined): string[] =>
  typeof value === 'number' || typeof value === 'string' ? [`${words} ${value}.`] : [];

/** A doc comment on lines of its own, each behind `indent`; '' for no text. */
export const docComment = (text: string, indent: string): string =>
  text === '' ? '' : `${indent}/** ${inComment(text).replaceAll(/\s*\n\s*/g, `\n${indent} * `)} */\n`;

/** A comment in the middle of a line, with a space behind it; '' for no text. */
export const inlineComment = (text: string): string =>
  text === '' ? '' : `/** ${inComment(text).replaceAll(/\s*\n\s*/g, ' ')} */ `;

// Nothing in a text may end its comment.
const inComment = (text: string): string => text.replaceAll('*/', '*\\/').replaceAll(/[\r\u2028\u2029]+/g, '\n');

/** Notes of a schema that may be none, such as `true`. */
export const notesOfAny = (schema: Json | undefined): string => (isJsonObject(schema) ? notesOf(schema) : '');
