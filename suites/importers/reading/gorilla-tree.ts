import { posix } from 'node:path';
import type { JsonObject } from '../../../core/json.ts';
import type { Files } from '../../../core/types.ts';
import type { OwnCheck, OwnTask } from '../../own-tasks/format.ts';
import { SkippedRecord, type Fields } from './fields.ts';

type PlannedCall = NonNullable<OwnTask['plan']>[number];
const server = 'filesystem';

/** The class's file system while gold calls are followed, and what they are with the file server's tools. */
export interface GorillaTree {
  readonly start: Files;
  readonly startFolders: ReadonlySet<string>;
  /** Path from the server's folder → text. */
  readonly files: Map<string, string>;
  /** Paths without a trailing slash; '' is the server's folder. */
  readonly folders: Set<string>;
  current: string;
  readonly plan: PlannedCall[];
  /** Path → index of the planned call that made it. */
  readonly madeBy: Map<string, number>;
}

export function gorillaTree(start: Files): GorillaTree {
  const folders = new Set(['']);
  for (const path of Object.keys(start))
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  return {
    start,
    startFolders: new Set(folders),
    files: new Map(Object.entries(start).filter(([path]) => !path.endsWith('/'))),
    folders,
    current: '',
    plan: [],
    madeBy: new Map(),
  };
}

/** A tree of `initial_config` as files by path; an empty folder's path ends in `/`. @throws SkippedRecord */
export function filesOfTree(folder: Fields, below = ''): Record<string, string> {
  const files: Record<string, string> = {};
  const contents = folder.object('contents');
  for (const name of contents.keys) {
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new SkippedRecord(`wrong record: "${name}" is no name of a file`);
    const entry = contents.object(name);
    if (entry.text('type') === 'file') {
      const text = entry.any('content');
      if (typeof text !== 'string') throw new SkippedRecord(`wrong record: the file ${below}${name} has no text`);
      files[below + name] = text;
    } else {
      const inner = filesOfTree(entry, `${below}${name}/`);
      if (Object.keys(inner).length === 0) files[`${below}${name}/`] = '';
      Object.assign(files, inner);
    }
  }
  return files;
}

export const exists = ({ files, folders }: GorillaTree, path: string): boolean => files.has(path) || folders.has(path);

/* ---- each adds to the plan, and returns true so that an action can end with it ---- */

export function planRead(tree: GorillaTree, tool: string, path: string, more: JsonObject = {}): true {
  plan(tree, tool, { path: path || '.', ...more }, [path]);
  return true;
}

export function addFolder(tree: GorillaTree, path: string): true {
  tree.madeBy.set(path, plan(tree, 'create_directory', { path }, [path]));
  tree.folders.add(path);
  return true;
}

export function addFile(tree: GorillaTree, path: string, text: string, ...after: readonly number[]): true {
  tree.madeBy.set(path, plan(tree, 'write_file', { path, content: text }, [path], after));
  tree.files.set(path, text);
  return true;
}

export function copyFile(tree: GorillaTree, source: string, to: string): true {
  const index = plan(tree, 'read_text_file', { path: source }, [source]);
  return addFile(tree, to, tree.files.get(source) ?? '', index);
}

/** Moves a file or a folder with all that is in it. */
export function move(tree: GorillaTree, source: string, to: string): true {
  tree.madeBy.set(to, plan(tree, 'move_file', { source, destination: to }, [source, to]));
  const isMoved = (path: string) => path === source || path.startsWith(`${source}/`);
  for (const [path, text] of [...tree.files].filter(([path]) => isMoved(path))) {
    tree.files.delete(path);
    tree.files.set(to + path.slice(source.length), text);
  }
  for (const path of [...tree.folders].filter(isMoved)) {
    tree.folders.delete(path);
    tree.folders.add(to + path.slice(source.length));
  }
  return true;
}

/** Index of a new planned call, which depends on whatever made its paths or the folders that they lie in. */
function plan(
  tree: GorillaTree,
  tool: string,
  args: JsonObject,
  paths: readonly string[],
  more: readonly number[] = [],
): number {
  const makers = [...tree.madeBy]
    .filter(([madePath]) => paths.some((path) => path === madePath || path.startsWith(`${madePath}/`)))
    .map(([, index]) => index);
  const after = [...new Set([...makers, ...more])].sort((one, other) => one - other);
  return tree.plan.push({ server, tool, arguments: args, after }) - 1;
}

/** The end state: what became of each file and folder, and that nothing else changed. */
export function endChecks({ start, startFolders, files, folders }: GorillaTree): readonly OwnCheck[] {
  const changedFiles = [...files].filter(([path, text]) => start[path] !== text);
  const gone = Object.keys(start).filter((path) => !path.endsWith('/') && !files.has(path));
  const isWithin = (path: string) => [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const newFolders = [...folders].filter((path) => !startFolders.has(path));
  const lostFolders = [...startFolders].filter((path) => !folders.has(path));
  return [
    ...changedFiles.map(([path, text]): OwnCheck => ({
      name: `${path} says what it should`,
      file: { server, path },
      equals: text,
    })),
    ...gone.map((path): OwnCheck => ({ name: `${path} is gone`, file: { server, path }, absent: true })),
    ...newFolders
      .filter((path) => !isWithin(path))
      .map((path): OwnCheck => ({
        name: `the folder ${path} is there`,
        result: { server, tool: 'list_directory', arguments: { path: posix.dirname(path) } },
        contains: `[DIR] ${posix.basename(path)}`,
      })),
    {
      name: 'nothing else changed',
      unchanged: server,
      except: [...changedFiles.map(([path]) => path), ...gone, ...newFolders, ...lostFolders],
    },
  ];
}
