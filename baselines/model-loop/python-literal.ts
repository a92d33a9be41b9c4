import type { Json } from '../../core/json.ts';

/** A call as Python writes one. */
export interface PythonCall {
  readonly name: string;
  readonly positional: readonly Json[];
  readonly keywords: Readonly<Record<string, Json>>;
  readonly end: number;
}

interface Read<Value> {
  readonly value: Value;
  readonly end: number;
}

/** Deeper nesting is no call. */
const MOST_DEPTH = 40;

/** A literal of Python as JSON would have it; undefined where the text is anything else. */
export function literalOf(text: string): Json | undefined {
  const read = literalAt(text, skip(text, 0), 0);
  return read && skip(text, read.end) === text.length ? read.value : undefined;
}

/** The call that begins at `start`, e.g. `load_tools(server="s", tools=["a"])`. */
export function pythonCallAt(text: string, start: number): PythonCall | null {
  const name = nameAt(text, start);
  if (name === '') return null;
  let at = skip(text, start + name.length);
  if (text[at] !== '(') return null;
  const positional: Json[] = [];
  const keywords: Record<string, Json> = {};
  at = skip(text, at + 1);
  while (text[at] !== ')') {
    const key = keywordAt(text, at);
    const read = literalAt(text, skip(text, at + (key?.length ?? 0)), 0);
    if (!read) return null;
    if (key) keywords[key.name] = read.value;
    else positional.push(read.value);
    const next = skip(text, read.end);
    if (text[next] === ',') at = skip(text, next + 1);
    else if (text[next] === ')') at = next;
    else return null;
  }
  return { name, positional, keywords, end: at + 1 };
}

const nameAt = (text: string, start: number): string => match(/[A-Za-z_][\w.]*/y, text, start);

function keywordAt(text: string, start: number): { readonly name: string; readonly length: number } | null {
  const whole = match(/[A-Za-z_]\w*\s*=(?!=)/y, text, start);
  return whole === '' ? null : { name: whole.replace(/\s*=$/, ''), length: whole.length };
}

function match(pattern: RegExp, text: string, start: number): string {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? '';
}

const skip = (text: string, start: number): number => start + match(/\s*/y, text, start).length;

const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
  ['null', null],
]);

function literalAt(text: string, start: number, depth: number): Read<Json> | null {
  if (depth > MOST_DEPTH) return null;
  const character = text[start] ?? '';
  if (character === '"' || character === "'") return stringAt(text, start);
  if (character === '[') return listAt(text, start, ']', depth);
  if (character === '(') return listAt(text, start, ')', depth);
  if (character === '{') return dictionaryAt(text, start, depth);
  const number = match(/[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?(?!\w)/y, text, start);
  if (number !== '') return { value: Number(number.replaceAll('_', '')), end: start + number.length };
  const word = match(/[A-Za-z]+\b/y, text, start);
  const value = words.get(word);
  return value === undefined ? null : { value, end: start + word.length };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0', '\n': '' };

function stringAt(text: string, start: number): Read<string> | null {
  const single = text[start] as string;
  const quote = text.startsWith(single.repeat(3), start) ? single.repeat(3) : single;
  let value = '';
  for (let index = start + quote.length; index < text.length; index++) {
    if (text.startsWith(quote, index)) return { value, end: index + quote.length };
    if (text[index] === '\n' && quote.length === 1) return null;
    if (text[index] !== '\\') {
      value += text[index];
      continue;
    }
    const code = match(/x[\da-fA-F]{2}|u[\da-fA-F]{4}/y, text, index + 1);
    const next = text[index + 1] ?? '';
    if (code === '') value += escapes[next] ?? (`"'\\/`.includes(next) ? next : `\\${next}`);
    else value += String.fromCharCode(parseInt(code.slice(1), 16));
    index += code === '' ? 1 : code.length;
  }
  return null;
}

function listAt(text: string, start: number, close: string, depth: number): Read<Json[]> | null {
  const value: Json[] = [];
  let at = skip(text, start + 1);
  while (text[at] !== close) {
    const item = literalAt(text, at, depth + 1);
    if (!item) return null;
    value.push(item.value);
    const next = skip(text, item.end);
    if (text[next] === ',') at = skip(text, next + 1);
    else if (text[next] === close) at = next;
    else return null;
  }
  return { value, end: at + 1 };
}

function dictionaryAt(text: string, start: number, depth: number): Read<Json> | null {
  const value: Record<string, Json> = {};
  let at = skip(text, start + 1);
  while (text[at] !== '}') {
    const key = '"\''.includes(text[at] ?? ' ') ? stringAt(text, at) : null;
    const colon = key ? skip(text, key.end) : -1;
    const item = key && text[colon] === ':' ? literalAt(text, skip(text, colon + 1), depth + 1) : null;
    if (!key || !item) return null;
    value[key.value] = item.value;
    const next = skip(text, item.end);
    if (text[next] === ',') at = skip(text, next + 1);
    else if (text[next] === '}') at = next;
    else return null;
  }
  return { value, end: at + 1 };
}
