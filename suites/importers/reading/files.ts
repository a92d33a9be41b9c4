import { readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf, UsageError } from '../../../core/errors.ts';
import { textOfBytes } from '../../../core/text-bytes.ts';
import { contentOf } from '../../../envs/state/files/binary.ts';
import type { Skipped } from './importer.ts';

/** One record of an input, and where it stands: file and line, or file and place in the list. */
export interface RecordAt {
  readonly where: string;
  readonly value: unknown;
}

export interface Records {
  readonly records: readonly RecordAt[];
  readonly torn: readonly Skipped[];
}

export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;
export const isFile = (path: string): boolean => statOf(path)?.isFile() === true;

/** Names come out of records: one that no file can have (too long, with a zero byte) names nothing. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Text of a file, without a byte-order mark.
 * @throws UsageError where it cannot be read.
 */
export function textOf(path: string): string {
  try {
    return textOfBytes(readFileSync(path), false);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}. Name a file in the format to import.`);
  }
}

/** @throws UsageError where the file cannot be read or is no JSON. */
export function jsonOf(path: string): unknown {
  const text = textOf(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${messageOf(error)}. Is the file whole, and is this its format?`);
  }
}

/** Lines of JSON; one that is none is torn and loses itself alone. */
export function jsonLinesOf(path: string): Records {
  const records: RecordAt[] = [];
  const torn: Skipped[] = [];
  for (const [index, line] of textOf(path).split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${basename(path)}:${index + 1}`;
    try {
      records.push({ where, value: JSON.parse(line) });
    } catch (error) {
      const reason = `torn record: the line is no JSON (${messageOf(error)})`;
      torn.push({ id: where, reason, cure: 'repair the line' });
    }
  }
  return { records, torn };
}

/** What systems leave in folders that people open. */
const LITTER = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._.*)$/;

/** A folder's files, as tasks hold their content, and its empty folders, by path from it. Links and the like are left out. */
export function filesIn(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const walk = (path: string, below: string) => {
    const entries = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !LITTER.test(name))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    if (entries.length === 0 && below !== '') files[below] = '';
    for (const entry of entries) {
      const [inner, name] = [join(path, entry.name), below + entry.name];
      if (entry.isDirectory()) walk(inner, `${name}/`);
      else if (entry.isFile()) files[name] = contentOf(readFileSync(inner));
    }
  };
  walk(folder, '');
  return files;
}
