import { excerptOf } from '../../../core/json.ts';

/** A record that becomes no task; the message is the reason, `cure` what would bring it in. */
export class SkippedRecord extends Error {
  override readonly name = 'SkippedRecord';
  readonly cure: string;

  constructor(reason: string, cure = 'repair the record, or do without it') {
    super(reason);
    this.cure = cure;
  }
}

/** The fields of one record, of which every one must be read or left out by name. */
export interface Fields {
  /** @throws SkippedRecord where the field is missing or no text with something in it. */
  readonly text: (key: string) => string;
  readonly textOr: <T>(key: string, other: T) => string | T;
  /** A field that is a list, or missing and then empty. */
  readonly list: (key: string) => readonly unknown[];
  /** A list of texts, or a missing one. */
  readonly texts: (key: string) => readonly string[];
  readonly any: (key: string) => unknown;
  /** Fields of a field. Its leftovers are this record's leftovers. */
  readonly object: (key: string) => Fields;
  /** Fields of something inside a field, named for messages. Its leftovers are this record's leftovers, too. */
  readonly part: (name: string, value: unknown) => Fields;
  /** Fields that are left out on purpose. */
  readonly leave: (why: string, ...keys: readonly string[]) => void;
  readonly has: (key: string) => boolean;
  readonly keys: readonly string[];
  /** What was left out on purpose, and every field that nobody asked for. */
  readonly notes: () => readonly string[];
}

/** @throws SkippedRecord where the value is no JSON object. `path` leads to it from the record's top. */
export function fieldsOf(value: unknown, path = ''): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SkippedRecord(
      `wrong record: ${path === '' ? 'it' : `"${path}"`} is ${kindOf(value)} where an object is expected`,
    );
  const record = value as Readonly<Record<string, unknown>>;
  const readKeys = new Set<string>();
  const notes: string[] = [];
  const inner: Fields[] = [];
  const place = (key: string) => (path === '' ? key : `${path}.${key}`);
  const wrong = (key: string, expected: string) =>
    new SkippedRecord(`wrong record: "${place(key)}" is ${kindOf(record[key])} where ${expected} is expected`);
  const any = (key: string) => {
    readKeys.add(key);
    return Object.hasOwn(record, key) ? record[key] : undefined;
  };
  const has = (key: string) => Object.hasOwn(record, key) && record[key] !== null;
  const part = (name: string, of: unknown) => {
    const fields = fieldsOf(of, place(name));
    inner.push(fields);
    return fields;
  };
  const text = (key: string) => {
    const value = any(key);
    if (typeof value !== 'string' || value.trim() === '') throw wrong(key, 'a text');
    return value;
  };
  const list = (key: string): readonly unknown[] => {
    const value = any(key);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw wrong(key, 'a list');
    return value;
  };
  return {
    text,
    textOr: (key, other) => {
      const value = any(key);
      if (value === undefined || value === null || value === '') return other;
      return text(key);
    },
    list,
    texts: (key) =>
      list(key).map((one) => {
        if (typeof one === 'string') return one;
        throw new SkippedRecord(`wrong record: "${place(key)}" holds ${kindOf(one)} where a text is expected`);
      }),
    any,
    object: (key) => part(key, any(key)),
    part,
    leave: (why, ...keys) => {
      const present = keys.filter((key) => Object.hasOwn(record, key));
      for (const key of present) readKeys.add(key);
      if (present.length > 0) notes.push(`${present.map(place).join(', ')}: ${why}`);
    },
    has,
    keys: Object.keys(record),
    notes: () => [
      ...notes,
      ...inner.flatMap((fields) => fields.notes()),
      ...Object.keys(record)
        .filter((key) => !readKeys.has(key))
        .map((key) => `${place(key)}: unknown to this importer, left out (${short(record[key])})`),
    ],
  };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** JSON text of a value, cut to 80 characters. */
export const short = (value: unknown): string => (value === undefined ? 'undefined' : excerptOf(value, 79));
