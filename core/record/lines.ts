import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Bytes of a line in its file, the newline left out. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

const chunkBytes = 1 << 22;

/**
 * Calls `use` with each whole line of a file, its place and its number from 1, so that a file larger than memory can be
 * read. A missing file has no lines. Returns the bytes of a torn last line, which is not given to `use`.
 */
export function eachLine(path: string, use: (line: Buffer, place: Place, number: number) => void): number {
  if (!existsSync(path)) return 0;
  const file = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let start = 0;
    let number = 0;
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const length = readSync(file, chunk, 0, chunkBytes, start + rest.length);
      if (length === 0) return rest.length;
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      let from = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
        number += 1;
        use(rest.subarray(from, end), { start: start + from, length: end - from }, number);
        from = end + 1;
      }
      rest = rest.subarray(from);
      start += from;
    }
  } finally {
    closeSync(file);
  }
}
