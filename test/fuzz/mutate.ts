import { constant, array, constantFrom, integer, noBias, oneof, record, tuple, type Arbitrary } from 'fast-check';
import { abyss, oddKeys, oddValues } from './odd-values.ts';

/**
 * Changes valid inputs a little, so that a reader is reached behind its door: values inside JSON are dropped, put twice,
 * nested, exchanged or made odd, and bytes of the text get lost. Equal mutations of equal inputs give equal bytes.
 */
export interface Mutation {
  /** Which of several valid inputs, and which of its files; taken modulo their number. */
  readonly input: number;
  readonly file: number;
  readonly changes: readonly Change[];
  readonly slips: readonly Slip[];
}

/** A change of one value inside JSON. */
export interface Change {
  readonly kind: 'drop' | 'replace' | 'double' | 'nest' | 'exchange' | 'rename' | 'inside' | 'flood';
  /** Which value, and which other one; taken modulo their number. */
  readonly place: number;
  readonly other: number;
  readonly value: unknown;
  readonly key: string;
}

/** A change of bytes. */
export interface Slip {
  readonly kind: 'lose' | 'double' | 'insert' | 'flip' | 'end' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly bytes: string;
}

const anywhere = noBias(integer({ min: 0, max: 2 ** 30 }));
const upTo = (most: number) => noBias(integer({ min: 0, max: most }));

const change: Arbitrary<Change> = record({
  kind: constantFrom<Change['kind'][]>(
    'drop',
    'replace',
    'replace',
    'replace',
    'double',
    'nest',
    'exchange',
    'rename',
    'inside',
    'flood',
  ),
  place: anywhere,
  other: anywhere,
  value: oddValues,
  key: constantFrom(...oddKeys),
});

const slip: Arbitrary<Slip> = record({
  kind: constantFrom<Slip['kind'][]>('lose', 'double', 'insert', 'flip', 'end', 'swap'),
  at: anywhere,
  length: upTo(12),
  bytes: constantFrom(
    '\0',
    '\n',
    '\r\n',
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\t',
    '- ',
    '&a ',
    '*a',
    '!!x ',
    '\xff',
    '\xed\xa0\x80',
    '<<: ',
  ),
});

/** How a file is written: one JSON value, one a line, YAML, or text of which only bytes are changed. */
export type Form = 'json' | 'lines' | 'yaml' | 'text';

const changes = (most: number) => array(change, { minLength: 1, maxLength: most });
const slips = array(slip, { minLength: 1, maxLength: 3 });
const none = constant<readonly never[]>([]);

/** Mostly a single changed value: two faults at once hide what the second would have reached. */
export const mutation: Arbitrary<Mutation> = tuple(
  anywhere,
  anywhere,
  oneof(
    { weight: 6, arbitrary: tuple(changes(1), none) },
    { weight: 3, arbitrary: tuple(changes(4), none) },
    { weight: 1, arbitrary: tuple(none, slips) },
    { weight: 1, arbitrary: tuple(changes(2), slips) },
  ),
).map(([input, file, [changed, slipped]]) => ({ input, file, changes: changed, slips: slipped }));

/* ---- values ---- */

type Container = Record<string, unknown> | unknown[];

interface Node {
  readonly holder: Container;
  readonly key: string | number;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place of a value, from the top down. */
function nodesOf(holder: Container, into: Node[] = []): Node[] {
  for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
    into.push({ holder, key });
    const value = valueAt({ holder, key });
    if (isContainer(value)) nodesOf(value, into);
  }
  return into;
}

const valueAt = ({ holder, key }: Node): unknown => (holder as Record<string | number, unknown>)[key];

/** An own property whatever its name is: `__proto__` would else be set and not written. */
function put({ holder, key }: Node, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

const copyOf = (value: unknown): unknown => (value === undefined ? null : structuredClone(value));

/** A copy of a JSON value with changes inside. */
export function changed(value: unknown, wanted: readonly Change[]): unknown {
  const top: Container = [copyOf(value)];
  for (const one of wanted) {
    const nodes = nodesOf(top);
    const node = nodes[one.place % nodes.length];
    const other = nodes[one.other % nodes.length];
    if (node && other) apply(one, node, other);
  }
  return top[0];
}

function apply({ kind, value, key, place, other: number }: Change, node: Node, other: Node): void {
  const { holder } = node;
  const before = valueAt(node);
  switch (kind) {
    case 'drop':
      if (Array.isArray(holder)) holder.splice(node.key as number, 1);
      else Reflect.deleteProperty(holder, node.key);
      return;
    case 'replace':
      return put(node, copyOf(value));
    case 'double':
      if (Array.isArray(holder)) holder.splice(node.key as number, 0, copyOf(before));
      else put({ holder, key }, copyOf(before));
      return;
    case 'nest':
      return put(
        node,
        number % 9 === 0 ? abyss : nested(copyOf(before), number % 5 === 0 ? 70 : 1 + (number % 3), key),
      );
    case 'exchange':
      return put(node, copyOf(valueAt(other)));
    case 'rename':
      if (Array.isArray(holder)) return put(node, { [key]: copyOf(before) });
      Reflect.deleteProperty(holder, node.key);
      return put({ holder, key }, before);
    case 'inside':
      return put(node, insideText(before, { kind: 'replace', place: number, other: place, value, key }));
    case 'flood':
      return put(node, flood(before, 300 + (number % 300)));
  }
}

function nested(value: unknown, depth: number, key: string): unknown {
  let inner = value;
  for (let level = 0; level < depth; level++) inner = level % 2 === 0 ? [inner] : { [key || 'a']: inner };
  return inner;
}

/** A text that holds JSON gets a change in that JSON, another one odd ends. */
function insideText(value: unknown, one: Change): unknown {
  if (typeof value !== 'string') return one.value;
  try {
    const inner: unknown = JSON.parse(value);
    if (isContainer(inner)) return written(changed(inner, [one]));
  } catch {
    // words
  }
  return one.place % 2 === 0 ? one.key + value : value + one.key;
}

/** Far more of the same. */
function flood(value: unknown, times: number): unknown {
  if (typeof value === 'string') return value.repeat(times).slice(0, 200_000);
  if (typeof value === 'number') return value * 10 ** (times % 300);
  if (Array.isArray(value)) return Array.from({ length: times }, (_, index) => copyOf(value[index % value.length]));
  if (!isContainer(value)) return Array.from({ length: times }, () => value);
  const [first] = Object.values(value);
  return {
    ...(value as object),
    ...Object.fromEntries(Array.from({ length: times }, (_, index) => [`more-${index}`, copyOf(first)])),
  };
}

/** JSON text in which raw numbers stand as such. */
export function written(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.replaceAll(/"\\u0001raw ([^"]*)"/g, '$1');
}

/* ---- bytes ---- */

/** A copy of bytes with slips in it. */
export function slipped(bytes: Buffer, wanted: readonly Slip[]): Buffer {
  let now = bytes;
  for (const { kind, at, length, bytes: inserted } of wanted) {
    const start = at % (now.length + 1);
    const [before, part, after] = [
      now.subarray(0, start),
      now.subarray(start, start + length),
      now.subarray(start + length),
    ];
    const parts = {
      lose: [before, after],
      double: [before, part, part, after],
      insert: [before, Buffer.from(inserted, 'latin1'), part, after],
      flip: [before, part.map((byte) => byte ^ (1 << (at % 8))), after],
      end: [before],
      swap: [before, after, part],
    }[kind];
    now = Buffer.concat(parts);
  }
  return now;
}

/** A text in its form with a mutation in it; what is no longer of the form gets the slips alone. */
export function mutated(text: string, form: Form, { changes: wanted, slips: bytes }: Mutation, yaml: Yaml): Buffer {
  return slipped(Buffer.from(changedText(text, form, wanted, yaml)), bytes);
}

/** YAML in and out: only task files need it. */
export interface Yaml {
  readonly parse: (text: string) => unknown;
  readonly stringify: (value: unknown) => string;
}

function changedText(text: string, form: Form, wanted: readonly Change[], yaml: Yaml): string {
  if (wanted.length === 0) return text;
  if (form === 'json') return written(changed(JSON.parse(text), wanted));
  if (form === 'yaml') {
    const value = changed(yaml.parse(text), wanted);
    // Of nothing the library makes no text at all.
    return value === undefined ? '' : yaml.stringify(value).replaceAll(/"\\x01raw ([^"]*)"/g, '$1');
  }
  if (form === 'lines') {
    const lines = changed(
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
      wanted,
    );
    return (Array.isArray(lines) ? lines : [lines]).map((line) => `${written(line)}\n`).join('');
  }
  const [first] = wanted;
  const byte = (one: Change): Slip => ({ kind: 'insert', at: one.place, length: 0, bytes: one.key });
  return first === undefined ? text : slipped(Buffer.from(text), wanted.map(byte)).toString();
}
