import { inflateSync } from 'node:zlib';
import type { Tree } from '../../server-definition.ts';

/** A repository's files below `.git/`, by path. Only loose objects are read: the fixture packs nothing and never collects. */
export interface Repository {
  readonly file: (path: string) => string | undefined;
  readonly object: (id: string) => Buffer | undefined;
  readonly bytes: (path: string) => Buffer | undefined;
  /** Paths below a folder of `.git`. */
  readonly under: (folder: string) => readonly string[];
}

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly subject: string;
}

/** `prefix` is the `.git/` folder in the tree, with its slash. */
export function repositoryIn(tree: Tree, prefix: string): Repository {
  const bytes = (path: string) => tree.get(prefix + path);
  return {
    bytes,
    file: (path) => bytes(path)?.toString('utf8'),
    object: (id) => {
      const packed = bytes(`objects/${id.slice(0, 2)}/${id.slice(2)}`);
      if (!packed) return undefined;
      const whole = inflateSync(packed);
      return whole.subarray(whole.indexOf(0) + 1);
    },
    under: (folder) =>
      [...tree.keys()].flatMap((path) =>
        path.startsWith(`${prefix}${folder}/`) && !path.endsWith('/') ? [path.slice(prefix.length)] : [],
      ),
  };
}

/** Every ref with its object id, loose ones before packed ones: `refs/heads/main` → id. */
export function refsOf(repository: Repository): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of (repository.file('packed-refs') ?? '').split('\n')) {
    const [id, name] = line.split(' ');
    if (id && name && !line.startsWith('#')) refs.set(name, id);
  }
  for (const path of repository.under('refs')) refs.set(path, (repository.file(path) ?? '').trim());
  return refs;
}

/** A commit, or the one that an annotated tag points to. */
export function commitOf(repository: Repository, id: string): Commit | undefined {
  const text = repository.object(id)?.toString('utf8');
  if (text === undefined) return undefined;
  const [head = '', ...body] = text.split('\n\n');
  const lines = head.split('\n').map((line) => line.split(' '));
  const valueOf = (key: string) => lines.flatMap(([name, value]) => (name === key && value ? [value] : []));
  const [target] = valueOf('object');
  if (target) return commitOf(repository, target);
  const [tree = ''] = valueOf('tree');
  return { tree, parents: valueOf('parent'), subject: body.join('\n\n').trim().split('\n')[0] ?? '' };
}

/** Every commit that `id` reaches, itself first. */
export function historyOf(repository: Repository, id: string): readonly Commit[] {
  const ids = new Set([id]);
  const commits: Commit[] = [];
  for (const next of ids) {
    const commit = commitOf(repository, next);
    if (!commit) continue;
    commits.push(commit);
    for (const parent of commit.parents) ids.add(parent);
  }
  return commits;
}

/** Path → object id of every file of a tree object. */
export function treeFiles(repository: Repository, id: string, below = ''): Map<string, string> {
  const files = new Map<string, string>();
  const bytes = repository.object(id) ?? Buffer.alloc(0);
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const [mode, ...name] = bytes.toString('utf8', at, end).split(' ');
    const child = bytes.toString('hex', end + 1, end + 21);
    const path = below + name.join(' ');
    if (mode === '40000') for (const [file, blob] of treeFiles(repository, child, `${path}/`)) files.set(file, blob);
    else files.set(path, child);
    at = end + 21;
  }
  return files;
}

const ENTRY_START = 62;

/** Path → object id of the index (version 2 or 3, as written without split or sparse options). */
export function indexFiles(repository: Repository): Map<string, string> {
  const files = new Map<string, string>();
  const bytes = repository.bytes('index');
  if (!bytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return files;
  const count = bytes.readUInt32BE(8);
  for (let entry = 0, at = 12; entry < count; entry++) {
    const flags = bytes.readUInt16BE(at + 60);
    const start = at + ENTRY_START + (flags & 0x4000 ? 2 : 0);
    const end = bytes.indexOf(0, start);
    files.set(bytes.toString('utf8', start, end), bytes.toString('hex', at + 40, at + 60));
    at += Math.ceil((end + 1 - at) / 8) * 8;
  }
  return files;
}
