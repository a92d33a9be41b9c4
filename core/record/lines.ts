import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { messageOf, UsageError } from '../errors.ts';

/** Bytes of a line in its file, the newline left out. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

/** A whole line as it stands in its file. */
export interface StoredLine {
  readonly bytes: Buffer;
  readonly place: Place;
  /** From 1. */
  readonly number: number;
}

export interface LinesRead {
  /** Whole lines. */
  readonly lines: number;
  /** Bytes after the last newline: a line whose writing was cut short. */
  readonly tornBytes: number;
}

const chunkBytes = 1 << 22;

/**
 * Calls `use` with each whole line of a file, so that a file larger than memory can be read. A missing file has no lines; a
 * torn last line is counted and not given to `use`.
 */
export function eachLine(path: string, use: (line: StoredLine) => void): LinesRead {
  if (!existsSync(path)) return { lines: 0, tornBytes: 0 };
  const file = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let start = 0;
    let lines = 0;
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const length = readSync(file, chunk, 0, chunkBytes, start + rest.length);
      if (length === 0) return { lines, tornBytes: rest.length };
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      let from = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
        lines += 1;
        use({
          bytes: rest.subarray(from, end),
          place: { start: start + from, length: end - from },
          number: lines,
        });
        from = end + 1;
      }
      rest = rest.subarray(from);
      start += from;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Calls `use` with the JSON value of each whole line of a file that Toolstone wrote. A line that is no JSON is a
 * `UsageError` which names it, and so is one of which `use` throws; a `UsageError` of `use` is passed on as it is.
 */
export function eachJsonLine(path: string, use: (value: unknown, line: StoredLine) => void): LinesRead {
  return eachLine(path, (line) => {
    try {
      use(JSON.parse(line.bytes.toString()), line);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(
        `${path}, line ${line.number}, is not a record of a run: ${messageOf(error)}. ` +
          'Delete that line and re-run the command that wrote the file: it makes again what is missing.',
        { cause: error },
      );
    }
  });
}

/** The JSON value of the line at a place of an open file. */
export function jsonLineAt(file: number, { start, length }: Place): unknown {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, start);
  return JSON.parse(bytes.toString());
}
