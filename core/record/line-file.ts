import { closeSync, existsSync, ftruncateSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { writeFailure, writing } from './files.ts';
import { eachJsonLine, type Place } from './lines.ts';

/** An append-only file of JSON lines with one line per key, as runs are written; `run-files.ts` reads them again. */
export interface LineFile {
  readonly has: (key: string) => boolean;
  /** Appends a line at once; a key written before is left as it is. */
  readonly append: (key: string, line: string) => void;
  readonly size: () => number;
  /** Rewrites the file in the order of `compare` over keys. */
  readonly sort: (compare: (a: string, b: string) => number) => void;
  readonly close: () => void;
}

/** An append-only file of JSON lines without keys, of which nothing is held in memory. */
export interface LineLog {
  readonly append: (line: string) => void;
  readonly close: () => void;
}

/**
 * Opens or makes a line file. A torn last line is an episode still owed, and so is a line whose `keyOf` is null: both are
 * cut off. A broken line before the last is a corrupt record. Throws `UsageError`.
 */
export function openLineFile(path: string, keyOf: (value: unknown) => string | null): LineFile {
  let places = new Map<string, Place>();
  let end = 0;
  let isWhole = true;
  eachJsonLine(path, (value, { place }) => {
    const key = keyOf(value);
    if (key === null) isWhole = false;
    else places.set(key, place);
    end = endOf(place);
  });
  let descriptor = openCut(path, end);
  const append = (key: string, line: string) => {
    if (places.has(key)) return;
    const length = appendLine(path, descriptor, line, end);
    places.set(key, { start: end, length: length - 1 });
    end += length;
  };
  const rewrite = (keys: readonly string[]) => {
    const rewritten = writing(path, () => rewriteLines(path, descriptor, keys, places));
    closeSync(descriptor);
    ({ descriptor, places, end } = rewritten);
  };
  if (!isWhole) rewrite([...places.keys()]);
  return {
    has: (key) => places.has(key),
    append,
    size: () => places.size,
    sort: (compare) => rewrite([...places.keys()].sort(compare)),
    close: () => closeSync(descriptor),
  };
}

/** Opens or makes a log; a torn last line is cut off. `check` throws where a line is none of it. Throws `UsageError`. */
export function openLineLog(path: string, check: (value: unknown) => void = () => undefined): LineLog {
  let end = 0;
  eachJsonLine(path, (value, { place }) => {
    check(value);
    end = endOf(place);
  });
  const descriptor = openCut(path, end);
  return {
    append: (line) => {
      end += appendLine(path, descriptor, line, end);
    },
    close: () => closeSync(descriptor),
  };
}

/** Of the line with its newline. */
const endOf = ({ start, length }: Place): number => start + length + 1;

/** Opens or makes a file, and cuts off what is behind `end`. */
const openCut = (path: string, end: number): number =>
  writing(path, () => {
    const file = openSync(path, existsSync(path) ? 'r+' : 'w+');
    ftruncateSync(file, end);
    return file;
  });

/** Writes a line at the end, whole or not at all. Returns its bytes, the newline among them. */
function appendLine(path: string, descriptor: number, line: string, end: number): number {
  const chunk = Buffer.from(`${line}\n`);
  try {
    writeAll(descriptor, chunk, end);
  } catch (error) {
    ftruncateSync(descriptor, end);
    throw writeFailure(path, error);
  }
  return chunk.length;
}

/** Puts a new file in the place of an open one, its lines in the order of `keys`; where that fails the old one stays. */
function rewriteLines(path: string, source: number, keys: readonly string[], places: ReadonlyMap<string, Place>) {
  const next = `${path}.next`;
  const nextPlaces = new Map<string, Place>();
  let end = 0;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(next, 'w+');
    for (const key of keys) {
      const { start, length } = places.get(key) as Place;
      const line = Buffer.alloc(length + 1);
      readSync(source, line, 0, length + 1, start);
      writeAll(descriptor, line, end);
      nextPlaces.set(key, { start: end, length });
      end += length + 1;
    }
    renameSync(next, path);
    return { descriptor, places: nextPlaces, end };
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(next, { force: true });
    throw error;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
