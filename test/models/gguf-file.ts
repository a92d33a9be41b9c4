/** Values of metadata as a GGUF file types them. */
export type GgufValue =
  | { readonly text: string }
  | { readonly whole: number }
  | { readonly is: boolean }
  | { readonly texts: readonly string[] }
  | { readonly wholes: readonly number[] }
  | { readonly floats: readonly number[] };

const [uint32, int32, float32, boolean, string, array] = [4, 5, 6, 7, 8, 9];

/** A GGUF file of version 3 that holds metadata alone. */
export function ggufFile(entries: Readonly<Record<string, GgufValue>>, version = 3): Buffer {
  const head = Buffer.alloc(24);
  head.write('GGUF', 'latin1');
  head.writeUInt32LE(version, 4);
  head.writeBigUInt64LE(BigInt(Object.keys(entries).length), 16);
  return Buffer.concat([
    head,
    ...Object.entries(entries).flatMap(([key, value]) => [textBytes(key), ...valueBytes(value)]),
  ]);
}

function valueBytes(value: GgufValue): Buffer[] {
  if ('text' in value) return [number(string), textBytes(value.text)];
  if ('whole' in value) return [number(uint32), number(value.whole)];
  if ('is' in value) return [number(boolean), Buffer.from([Number(value.is)])];
  if ('texts' in value) return [...listHead(string, value.texts), ...value.texts.map(textBytes)];
  if ('wholes' in value) return [...listHead(int32, value.wholes), ...value.wholes.map(number)];
  return [...listHead(float32, value.floats), ...value.floats.map(float)];
}

const listHead = (type: number | undefined, items: readonly unknown[]): Buffer[] => [
  number(array),
  number(type),
  long(items.length),
];

function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}

function number(value = 0): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
