import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The key under which bytes stand in JSON, as base64. */
const bytesKey = '$bytes';

/** Records say much again and again, which the fastest level finds as well. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** What crosses the queue, as text: compressed JSON, in which bytes may stand. */
export const packed = (value: unknown): string =>
  zstdCompressSync(JSON.stringify(withoutBytes(value)), { params }).toString('base64');

/** The value that `packed` was given. Throws where it was given none. */
export const unpacked = (text: string): unknown =>
  withBytes(JSON.parse(zstdDecompressSync(Buffer.from(text, 'base64')).toString()));

function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [bytesKey]: Buffer.from(value).toString('base64') };
  return mapped(value, withoutBytes);
}

function withBytes(value: unknown): unknown {
  const bytes = (value as Readonly<Record<string, unknown>> | null)?.[bytesKey];
  if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'));
  return mapped(value, withBytes);
}

function mapped(value: unknown, map: (part: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]));
}
