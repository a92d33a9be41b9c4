import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { cacheFolder } from '../world-places.ts';

/* Vectors on disk: only a saving of time and money, so that whatever goes wrong with them is no error. */

/** SHA-256 (hex) of all that vectors hang on. */
export const vectorKey = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const pathOf = (key: string): string => join(cacheFolder(), 'vectors', `${key}.f32`);

/** So many vectors of one width, or undefined. */
export function keptVectors(key: string, count: number): readonly Float32Array[] | undefined {
  try {
    const bytes = readFileSync(pathOf(key));
    const width = bytes.length / Float32Array.BYTES_PER_ELEMENT / count;
    if (width === 0 || !Number.isInteger(width)) return undefined;
    const values = new Float32Array(Uint8Array.from(bytes).buffer);
    return Array.from({ length: count }, (_, row) => values.subarray(row * width, (row + 1) * width));
  } catch {
    return undefined;
  }
}

export function keepVectors(key: string, vectors: readonly Float32Array[]): void {
  try {
    const path = pathOf(key);
    const width = vectors[0]?.length ?? 0;
    const values = new Float32Array(vectors.length * width);
    vectors.forEach((vector, row) => values.set(vector, row * width));
    mkdirSync(join(path, '..'), { recursive: true });
    const part = `${path}.${process.pid}-${threadId}`;
    writeFileSync(part, values);
    renameSync(part, path);
  } catch {
    return; // read-only home or full disk: asked for again next time
  }
}
