import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { textOfBytes } from '../../core/text-bytes.ts';
import type { Files } from '../../core/types.ts';
import { isTaskFile } from '../tasks/suite-list.ts';
import type { ReadBlock } from '../../envs/client-files/server-block.ts';
import { blocksOf } from './blocks.ts';
import type { TaskFile } from './format.ts';
import { moduleHashes, modulesOf } from './modules.ts';
import { contentFaults } from './validate.ts';
import { type Fault, shapeFaults, strangeFaults } from './shape.ts';
import { pathText, type Path, type Problem, readSource } from './source.ts';

/** A task file that was read without a fault. */
export interface ReadTaskFile {
  readonly file: TaskFile;
  /** Its own name, or the file's without the ending. */
  readonly name: string;
  /** Its own servers as they are meant. */
  readonly blocks: ReadonlyMap<string, ReadBlock>;
  /** Folder of the task file, without symbolic links. */
  readonly folder: string;
  /** SHA-256 (hex) of the file, its fixture folders and the scripts of checks and servers beside it. */
  readonly hash: string;
  /** Files of the fixture folders by the name that the task file gives them. */
  readonly folders: ReadonlyMap<string, Files>;
  /** Line of a place in the file. */
  readonly lineOf: (path: Path) => number;
  /** Faults found later as one error, each with its line. */
  readonly complain: (faults: readonly Fault[]) => UsageError;
}

const ENDINGS = ['.yaml', '.yml', '.json', '.jsonl'];
const MOST_BYTES = 16 * 2 ** 20;
const MOST_SHOWN = 100;

/**
 * Reads and checks a task file without starting a server.
 * @throws UsageError that names every fault as `FILE:LINE: place: what is wrong and what is allowed`.
 */
export function readTaskFile(path: string): ReadTaskFile {
  const text = readText(path);
  const source = readSource(text, extname(path).toLowerCase());
  const complain = (faults: readonly Fault[]) =>
    complaint(
      path,
      faults.map((fault) => ({ ...fault, line: source.lineOf(fault.path) })),
    );
  const home = dirname(realpathSync(path));
  const folders = new Map<string, Files>();
  const strange = source.value === undefined ? [] : strangeFaults(source.value);
  if (strange.length > 0) throw complain(strange);
  const shape = source.value === undefined ? [] : shapeFaults(source.value);
  const blocks = blocksOf(source.value ?? {});
  const content = contentFaults(source.value ?? {}, {
    home,
    blocks,
    keepFolder: (name, files) => void folders.set(name, files),
    isSound: (at) => !shape.some((fault) => at.every((key, index) => fault.path[index] === key)),
  });
  const problems = [
    ...source.problems,
    ...[...shape, ...content].map((fault) => ({ ...fault, line: source.lineOf(fault.path) })),
  ];
  if (problems.length > 0) throw complaint(path, problems);
  const file = source.value as TaskFile;
  const name = file.name ?? nameFrom(path);
  const hash = hashOf(text, { tasks: file.tasks, blocks, home, folders });
  return { file, name, blocks, folder: home, hash, folders, lineOf: source.lineOf, complain };
}

function readText(path: string): string {
  const where = `The task file ${path}`;
  if (!isTaskFile(path)) throw new UsageError(`${where} must end in ${ENDINGS.join(', ')}.`);
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES)
      throw new UsageError(`${where} is larger than ${MOST_BYTES / 2 ** 20} MiB. Divide it into several.`);
    return textOfBytes(readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof TypeError)
      throw new UsageError(`${where} is no text in UTF-8, nor in UTF-16 with a byte order mark.`, { cause: error });
    throw new UsageError(`${where} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function complaint(path: string, problems: readonly Problem[]): UsageError {
  const lines = problems
    .toSorted((a, b) => a.line - b.line)
    .map(
      ({ line, path: place, what }) => `${path}:${line}: ${place.length === 0 ? '' : `${pathText(place)}: `}${what}`,
    );
  const different = [...new Set(lines)];
  const rest = different.length - MOST_SHOWN;
  return new UsageError([...different.slice(0, MOST_SHOWN), ...(rest > 0 ? [`… and ${rest} more.`] : [])].join('\n'));
}

/** A file's name may hold what a suite's may not. */
function nameFrom(path: string): string {
  const bare = basename(path, extname(path)).replace(/[^\w.-]+/g, '-');
  return (/^[A-Za-z0-9]/.test(bare) ? bare : `tasks-${bare}`).slice(0, 64);
}

/** Whatever of the user's files decides what an episode is or how it is judged. */
function hashOf(
  text: string,
  {
    tasks,
    blocks,
    home,
    folders,
  }: Pick<TaskFile, 'tasks'> & Pick<ReadTaskFile, 'blocks' | 'folders'> & { home: string },
): string {
  const hash = createHash('sha256');
  const add = (...parts: readonly string[]) => hash.update(JSON.stringify(parts));
  add(text);
  for (const [name, files] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) add(name, JSON.stringify(files));
  const scripts = tasks.flatMap(({ checks }) => checks.flatMap((check) => ('script' in check ? check.script : [])));
  const serverScripts = [...blocks.values()].flatMap(({ block }) =>
    'command' in block ? [block.command, ...(block.args ?? [])] : [],
  );
  for (const part of new Set([...scripts, ...serverScripts])) {
    const content = textBeside(home, part.replaceAll('{HERE}', home));
    if (content !== undefined) add(part, content);
  }
  for (const module of moduleHashes(modulesOf(tasks, blocks), home)) add(module);
  return hash.digest('hex');
}

/** Content of a file that an argument names, where it lies in the task file's folder. */
function textBeside(home: string, name: string): string | undefined {
  const path = resolve(home, name);
  if (relative(home, path).startsWith('..')) return undefined;
  try {
    return statSync(path).isFile() ? readFileSync(join(path), 'base64') : undefined;
  } catch {
    return undefined;
  }
}
