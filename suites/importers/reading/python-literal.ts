import type { Json } from '../../../core/json.ts';

/** Ours: no maintained library reads Python's literals, and to ask Python itself for it would make it a need of an importer. */

export interface PythonCall {
  readonly name: string;
  readonly positional: readonly Json[];
  readonly named: Readonly<Record<string, Json>>;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** A Python literal of texts, numbers, `True`, `False`, `None`, lists, tuples and dictionaries. @throws RangeError */
export function pythonLiteral(text: string): Json {
  const reader: Reader = { text, at: 0 };
  const value = readValue(reader);
  readEnd(reader);
  return value;
}

/** `name(1, key='x')`. @throws RangeError saying where it is none. */
export function pythonCall(text: string): PythonCall {
  const reader: Reader = { text, at: 0 };
  const name = match(reader, /\s*[A-Za-z_][\w.]*/y)?.trim() ?? fail(reader, 'a name');
  const positional: Json[] = [];
  const named: Record<string, Json> = {};
  expect(reader, '(');
  readItems(reader, ')', () => {
    const key = match(reader, /\s*[A-Za-z_]\w*\s*=(?!=)/y);
    if (key === undefined) positional.push(readValue(reader));
    else named[key.slice(0, -1).trim()] = readValue(reader);
  });
  readEnd(reader);
  return { name, positional, named };
}

function readValue(reader: Reader): Json {
  match(reader, /\s*/y);
  const quote = match(reader, /['"]/y);
  if (quote !== undefined) return readText(reader, quote);
  if (takes(reader, '[')) return readList(reader, ']');
  if (takes(reader, '(')) return readList(reader, ')');
  if (takes(reader, '{')) return readDictionary(reader);
  const number = match(reader, /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return Number(number);
  const word = match(reader, /True|False|None/y);
  if (word === undefined) return fail(reader, 'a literal');
  return word === 'None' ? null : word === 'True';
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** The rest of a text after its opening quote. */
function readText(reader: Reader, quote: string): string {
  let value = '';
  for (;;) {
    value += match(reader, quote === "'" ? /[^'\\\n]+/y : /[^"\\\n]+/y) ?? '';
    const next = reader.text[reader.at];
    if (next === quote) {
      reader.at += 1;
      return value;
    }
    if (next !== '\\') return fail(reader, `a closing ${quote}`);
    const code = match(reader, /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y);
    if (code === undefined) {
      const escaped = reader.text[reader.at + 1] ?? '';
      // Python keeps the backslash of an escape that it does not know.
      value += escapes[escaped] ?? `\\${escaped}`;
      reader.at += 2;
    } else value += String.fromCodePoint(Number.parseInt(code.slice(2), 16));
  }
}

function readList(reader: Reader, close: string): Json[] {
  const items: Json[] = [];
  readItems(reader, close, () => items.push(readValue(reader)));
  return items;
}

function readDictionary(reader: Reader): Json {
  const entries: Record<string, Json> = {};
  readItems(reader, '}', () => {
    const key = readValue(reader);
    expect(reader, ':');
    entries[typeof key === 'string' ? key : JSON.stringify(key)] = readValue(reader);
  });
  return entries;
}

/** Items between commas up to the closing sign; a comma after the last one is allowed. */
function readItems(reader: Reader, close: string, item: () => void): void {
  while (!takes(reader, close)) {
    item();
    if (takes(reader, ',')) continue;
    expect(reader, close);
    return;
  }
}

function readEnd(reader: Reader): void {
  match(reader, /\s*/y);
  if (reader.at < reader.text.length) fail(reader, 'the end');
}

function takes(reader: Reader, token: string): boolean {
  match(reader, /\s*/y);
  if (!reader.text.startsWith(token, reader.at)) return false;
  reader.at += token.length;
  return true;
}

function expect(reader: Reader, token: string): void {
  if (!takes(reader, token)) fail(reader, `"${token}"`);
}

/** Takes what a sticky pattern matches here. */
function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const token = pattern.exec(reader.text)?.[0];
  if (token !== undefined) reader.at += token.length;
  return token;
}

function fail({ text, at }: Reader, expected: string): never {
  throw new RangeError(`${expected} is expected at "${text.slice(at, at + 20)}" in ${text.slice(0, 120)}`);
}
