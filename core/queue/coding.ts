import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The key under which bytes stand in JSON, as base64. */
const bytesKey = '$bytes';

/** The key under which the length of a long text stands in JSON, in place of the text. */
const textKey = '$text';

/** The key under which the entries of an object stand that has such a key itself. */
const entriesKey = '$entries';
const marks = [bytesKey, textKey, entriesKey];

/** Characters from which a text stands behind the JSON. A record is JSON itself, and to escape it anew costs more than to compress it. */
const longText = 256;

/** Records say much again and again, which the fastest level finds as well. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** What crosses the queue, as text: JSON in which bytes may stand, a line end and the long texts of it, all compressed. */
export function packed(value: unknown): string {
  const texts: string[] = [];
  const short = (part: unknown): unknown => {
    if (part instanceof Uint8Array) return { [bytesKey]: Buffer.from(part).toString('base64') };
    if (isMarked(part)) return { [entriesKey]: Object.entries(part).map(([key, inner]) => [key, short(inner)]) };
    // Half a character survives in JSON alone.
    if (typeof part !== 'string' || part.length < longText || !part.isWellFormed()) return mapped(part, short);
    texts.push(part);
    return { [textKey]: part.length };
  };
  const json = JSON.stringify(short(value));
  return zstdCompressSync(`${json}\n${texts.join('')}`, { params }).toString('base64');
}

/** The value that `packed` was given. Throws where it was given none. */
export function unpacked(text: string): unknown {
  const whole = zstdDecompressSync(Buffer.from(text, 'base64')).toString();
  const lineEnd = whole.indexOf('\n');
  let at = lineEnd + 1;
  const long = (part: unknown): unknown => {
    if (!isMarked(part)) return mapped(part, long);
    const { [bytesKey]: bytes, [textKey]: length, [entriesKey]: entries = [] } = part as Marked;
    if (bytes !== undefined) return new Uint8Array(Buffer.from(bytes, 'base64'));
    if (length !== undefined) return whole.slice(at, (at += length));
    return Object.fromEntries(entries.map(([key, inner]) => [key, long(inner)]));
  };
  return long(JSON.parse(whole.slice(0, lineEnd)));
}

/** What stands for something else, one of them. */
interface Marked {
  readonly [bytesKey]?: string;
  readonly [textKey]?: number;
  readonly [entriesKey]?: readonly (readonly [key: string, value: unknown])[];
}

const isMarked = (part: unknown): part is object =>
  typeof part === 'object' && part !== null && !Array.isArray(part) && marks.some((mark) => Object.hasOwn(part, mark));

function mapped(value: unknown, map: (part: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]));
}
