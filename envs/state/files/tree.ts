import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Files } from '../../../core/types.ts';
import type { Tree } from '../../server-definition.ts';

const NOTHING = Buffer.alloc(0);

/** A folder may be copied into itself until paths are too long to open; below this depth nobody looks. */
const DEEPEST = 40;

/** Everything below a folder. A symbolic link is shown as its target; other special files as nothing. */
export function readTree(folder: string): Map<string, Buffer> {
  const tree = new Map<string, Buffer>();
  readInto(tree, `${folder}/`, '');
  return tree;
}

function readInto(tree: Map<string, Buffer>, root: string, below: string): void {
  if (below.split('/').length > DEEPEST) {
    tree.set(`${below}…`, NOTHING);
    return;
  }
  const entries = readdirSync(root + below, { withFileTypes: true });
  if (entries.length === 0 && below !== '') tree.set(below, NOTHING);
  for (const entry of entries) {
    const path = below + entry.name;
    if (entry.isDirectory()) readInto(tree, root, `${path}/`);
    else if (entry.isFile()) tree.set(path, readFileSync(root + path));
    else tree.set(`${path}@`, entry.isSymbolicLink() ? Buffer.from(readlinkSync(root + path)) : NOTHING);
  }
}

/** Text files as a tree. */
export function treeOf(files: Files): Tree {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
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
