import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { WorldDamage } from '../../../core/errors.ts';
import type { Files } from '../../../core/types.ts';
import type { Tree } from '../../server-definition.ts';
import { bytesOf } from './binary.ts';

const NOTHING = Buffer.alloc(0);

/** A folder may be copied into itself until paths are too long to open; below this depth nobody looks. */
const DEEPEST = 40;

/** Far more than any task is about: what holds more has been filled on purpose. */
const MOST_BYTES = 2 ** 26;
const MOST_ENTRIES = 100_000;

/** What nobody but the world's own calls does to a folder; a file that just vanished looks like a name that is no text. */
const DAMAGE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']);
const READS = 3;

/**
 * Everything below a folder. A symbolic link is shown as its target; other special files as nothing.
 * @throws WorldDamage where it cannot be read for what lies in it: names that are no UTF-8, permissions, far too much.
 */
export function readTree(folder: string): Map<string, Buffer> {
  for (let read = 1; ; read++) {
    const tree = new Map<string, Buffer>();
    try {
      readInto({ tree, root: `${folder}/`, bytes: 0 }, '');
      return tree;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!DAMAGE.has(code)) throw error;
      if (read === READS) throw new WorldDamage(`what was left there cannot be read (${code})`, { cause: error });
    }
  }
}

interface Reading {
  readonly tree: Map<string, Buffer>;
  readonly root: string;
  /** Read so far. */
  bytes: number;
}

function readFile(reading: Reading, path: string): Buffer {
  const file = openSync(reading.root + path, 'r');
  try {
    const { size } = fstatSync(file);
    reading.bytes += size;
    if (reading.bytes > MOST_BYTES) throw new WorldDamage(`more than ${MOST_BYTES} bytes were left there`);
    const bytes = Buffer.allocUnsafeSlow(size);
    let end = 0;
    for (let count = size; count > 0 && end < size; end += count) count = readSync(file, bytes, end, size - end, end);
    return end === size ? bytes : bytes.subarray(0, end);
  } finally {
    closeSync(file);
  }
}

function readInto(reading: Reading, below: string): void {
  const { tree, root } = reading;
  if (below.split('/').length > DEEPEST) {
    tree.set(`${below}…`, NOTHING);
    return;
  }
  const entries = readdirSync(root + below, { withFileTypes: true });
  if (tree.size + entries.length > MOST_ENTRIES)
    throw new WorldDamage(`more than ${MOST_ENTRIES} files were left there`);
  if (entries.length === 0 && below !== '') tree.set(below, NOTHING);
  for (const entry of entries) {
    const path = below + entry.name;
    if (entry.isDirectory()) readInto(reading, `${path}/`);
    else if (entry.isFile()) tree.set(path, readFile(reading, path));
    else tree.set(`${path}@`, entry.isSymbolicLink() ? Buffer.from(readlinkSync(root + path)) : NOTHING);
  }
}

/** A task's files as a tree. */
export function treeOf(files: Files): Tree {
  return new Map(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]));
}

/** Later trees win; an empty folder that another tree fills is dropped. */
export function layTrees(...trees: readonly Tree[]): Tree {
  const all = new Map(trees.flatMap((tree) => [...tree]));
  const parents = new Set([...all.keys()].flatMap(parentsOf));
  for (const path of all.keys()) if (path.endsWith('/') && parents.has(path)) all.delete(path);
  return all;
}

/** `a/b/c.txt` → `a/`, `a/b/`. A folder is not its own parent. */
export function parentsOf(path: string): string[] {
  const parts = path.replace(/\/$/, '').split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

/** SHA-256 (hex) over sorted paths and bytes, each with its length. */
export function hashTree(tree: Tree): string {
  const hash = createHash('sha256');
  for (const path of [...tree.keys()].sort()) {
    const bytes = tree.get(path) as Buffer;
    hash.update(`${path.length}:${path}:${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

/** The same paths with the same bytes. */
export function equalTrees(one: Tree, other: Tree): boolean {
  if (one.size !== other.size) return false;
  for (const [path, bytes] of one) if (!other.get(path)?.equals(bytes)) return false;
  return true;
}

/**
 * Makes a folder's content equal to `goal`, touching only what differs. `now` is what it holds; wrong knowledge makes it
 * fail or leaves other content. Returns whether anything differed.
 */
export function restoreTree(folder: string, goal: Tree, now: Tree = readTree(folder)): boolean {
  const wrong = [...now.keys()].filter((path) => !goal.has(path));
  const missing = [...goal].filter(([path, bytes]) => !now.get(path)?.equals(bytes));
  if (wrong.length === 0 && missing.length === 0) return false;
  const goalPaths = new Set([...goal.keys()].flatMap((path) => [...parentsOf(path), path]));
  const removals = new Set(wrong.map((path) => parentsOf(path).find((parent) => !goalPaths.has(parent)) ?? path));
  for (const path of removals) removePath(`${folder}/${path}`);
  const folders = new Set([...now.keys()].filter((path) => goal.has(path)).flatMap(parentsOf));
  for (const [path, bytes] of missing) {
    const parent = parentsOf(path).at(-1);
    if (parent !== undefined && !folders.has(parent)) mkdirSync(`${folder}/${parent}`, { recursive: true });
    if (parent !== undefined) folders.add(parent);
    writePath(folder, path, bytes);
  }
  return true;
}

/** Removes a file, or a folder with all that it holds. */
function removePath(path: string): void {
  if (path.endsWith('/')) rmSync(path, { recursive: true });
  else unlinkSync(path.replace(/@$/, ''));
}

function writePath(folder: string, path: string, bytes: Buffer): void {
  if (path.endsWith('/')) {
    mkdirSync(`${folder}/${path}`, { recursive: true });
    return;
  }
  const target = `${folder}/${path}`;
  try {
    writeFileSync(target, bytes);
  } catch {
    // A read-only file such as git's objects.
    removeIfThere(target);
    writeFileSync(target, bytes);
  }
}

function removeIfThere(target: string): void {
  try {
    unlinkSync(target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
