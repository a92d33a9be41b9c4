import { closeSync, openSync, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { messageOf, UsageError } from '../errors.ts';

export type MetadataValue = number | bigint | boolean | string | readonly MetadataValue[];

/** What stands in a GGUF file before its weights. */
export interface Metadata {
  readonly values: ReadonlyMap<string, MetadataValue>;
  /** SHA-256 (hex) of the bytes that were read. */
  readonly hash: string;
}

/** Types of values by their number in the file, with the bytes of those that have a fixed size. */
const [uint8, int8, uint16, int16, uint32, int32, float32, boolean, string, array, uint64, int64, float64] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;

const chunkBytes = 1 << 20;
const mostEntries = 100_000;
const mostItems = 10_000_000;
const mostTextBytes = 1 << 26;

/** Reads the metadata of a GGUF file, versions 2 and 3; weights are not read. Throws `UsageError`. */
export function readMetadata(path: string): Metadata {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${messageOf(error)}). Give the path of a .gguf file.`, {
      cause: error,
    });
  }
  try {
    return metadataOf(bytesOf(file));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${path} is no whole GGUF file of version 2 or 3 (${error.message}). Convert it again.`, {
      cause: error,
    });
  } finally {
    closeSync(file);
  }
}

type Bytes = ReturnType<typeof bytesOf>;

/** The file from its beginning, as far as it is asked for. Throws `RangeError` at its end. */
function bytesOf(file: number) {
  const hash = createHash('sha256');
  let held = Buffer.alloc(0);
  let position = 0;
  const take = (length: number): Buffer => {
    while (held.length - position < length) {
      const chunk = Buffer.alloc(Math.max(chunkBytes, length));
      const read = readSync(file, chunk);
      if (read === 0) throw new RangeError('it ends too soon');
      hash.update(held.subarray(0, position));
      held = Buffer.concat([held.subarray(position), chunk.subarray(0, read)]);
      position = 0;
    }
    const taken = held.subarray(position, position + length);
    position += length;
    return taken;
  };
  return { take, digest: () => hash.update(held.subarray(0, position)).digest('hex') };
}

function metadataOf(bytes: Bytes): Metadata {
  if (bytes.take(4).toString('latin1') !== 'GGUF') throw new RangeError('it does not begin as one');
  const version = bytes.take(4).readUInt32LE();
  if (version < 2 || version > 3) throw new RangeError(`its version is ${version}`);
  bytes.take(8);
  const entries = lengthIn(bytes, mostEntries);
  const values = new Map<string, MetadataValue>();
  for (let entry = 0; entry < entries; entry++) {
    const key = textIn(bytes);
    values.set(key, valueIn(bytes, bytes.take(4).readUInt32LE()));
  }
  return { values, hash: bytes.digest() };
}

function lengthIn(bytes: Bytes, most: number): number {
  const length = bytes.take(8).readBigUInt64LE();
  if (length > BigInt(most)) throw new RangeError(`a length is ${length}`);
  return Number(length);
}

const textIn = (bytes: Bytes): string => bytes.take(lengthIn(bytes, mostTextBytes)).toString('utf8');

function valueIn(bytes: Bytes, type: number): MetadataValue {
  switch (type) {
    case uint8:
      return bytes.take(1).readUInt8();
    case int8:
      return bytes.take(1).readInt8();
    case uint16:
      return bytes.take(2).readUInt16LE();
    case int16:
      return bytes.take(2).readInt16LE();
    case uint32:
      return bytes.take(4).readUInt32LE();
    case int32:
      return bytes.take(4).readInt32LE();
    case float32:
      return bytes.take(4).readFloatLE();
    case boolean:
      return bytes.take(1).readUInt8() !== 0;
    case string:
      return textIn(bytes);
    case array: {
      const itemType = bytes.take(4).readUInt32LE();
      if (itemType === array) throw new RangeError('a list holds lists');
      return Array.from({ length: lengthIn(bytes, mostItems) }, () => valueIn(bytes, itemType));
    }
    case uint64:
      return bytes.take(8).readBigUInt64LE();
    case int64:
      return bytes.take(8).readBigInt64LE();
    case float64:
      return bytes.take(8).readDoubleLE();
    default:
      throw new RangeError(`a value has type ${type}`);
  }
}
