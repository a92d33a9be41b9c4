import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { foreignKey } from './git-configuration.ts';
import { leadsWithin, staysWithin } from './real-path.ts';

/** Far above what git writes, and read in no time. */
const LARGEST_FILE_BYTES = 1_000_000;

/** In a repository's folder: its own configuration, and that of one of its worktrees. */
const CONFIGURATIONS = ['config', 'config.worktree'];

/** Files of a repository that hold the path of another folder: its worktree's, and that of the repository it belongs to. */
const LINKS = ['gitdir', 'commondir'];

const ALTERNATES = 'objects/info/alternates';

/** What an unfinished rebase still has to do. No tool of the git server puts a program there. */
const REBASE_PLAN = 'rebase-merge/git-rebase-todo';
const PROGRAM_IN_PLAN = /^[ \t]*(?:x|exec)(?:[ \t]|$)/m;

interface Search {
  readonly folder: string;
  /** The folder's name in the world. */
  readonly shown: string;
}

/**
 * What would let git run a program or work outside, in any repository that it can reach below a folder; undefined if nothing.
 * All of the folder is searched: bare repositories, those of worktrees and submodules, and those inside other repositories
 * too. Paths in the sentence begin with `shown`.
 */
export function gitFault(folder: string, shown: string): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })) return undefined;
  try {
    return faultBelow(folder, { folder, shown });
  } catch (error) {
    // Where nobody can look, git is not run either.
    return `${shown} cannot be searched for repositories (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

function faultBelow(path: string, search: Search): string | undefined {
  const entries = readdirSync(path, { withFileTypes: true });
  const fault = faultHere(path, entries, search);
  if (fault !== undefined) return fault;
  for (const entry of entries) {
    const inner = entry.isDirectory() ? faultBelow(`${path}/${entry.name}`, search) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function faultHere(path: string, entries: readonly Dirent[], search: Search): string | undefined {
  for (const entry of entries) {
    const whole = `${path}/${entry.name}`;
    if (entry.isSymbolicLink() && !staysWithin(whole, search.folder)) return leadsOutside(whole, search);
    if (entry.name.toLowerCase() !== '.git' || entry.isDirectory()) continue;
    const target = pathIn(whole)?.replace(/^gitdir: /, '');
    if (target !== undefined && !leadsWithin(path, target, search.folder)) return leadsOutside(whole, search);
  }
  return isRepository(entries) ? repositoryFault(path, search) : undefined;
}

/**
 * By what git itself asks of a repository, or of the folder that several have in common, which needs no HEAD; names in small
 * letters, for some file systems make no difference.
 */
function isRepository(entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  return (names.has('head') && names.has('commondir')) || (names.has('objects') && names.has('refs'));
}

function repositoryFault(path: string, search: Search): string | undefined {
  for (const name of CONFIGURATIONS) {
    const text = textOf(`${path}/${name}`);
    const key = text === undefined ? undefined : foreignKey(text);
    const where = shownName(`${path}/${name}`, search);
    if (key === null) return `${where} cannot be read as a configuration of git`;
    if (key !== undefined)
      return `${where} holds ${key}; git is not run where a configuration might name a program or another folder`;
  }
  for (const name of LINKS) {
    const target = pathIn(`${path}/${name}`);
    if (target !== undefined && !leadsWithin(path, target, search.folder))
      return leadsOutside(`${path}/${name}`, search);
  }
  if (PROGRAM_IN_PLAN.test(textOf(`${path}/${REBASE_PLAN}`) ?? ''))
    return `${shownName(`${path}/${REBASE_PLAN}`, search)} names a program to run`;
  const borrows = (textOf(`${path}/${ALTERNATES}`)?.trim() ?? '') !== '';
  return borrows ? `${shownName(`${path}/${ALTERNATES}`, search)} borrows objects from another folder` : undefined;
}

const shownName = (path: string, { folder, shown }: Search) => shown + path.slice(folder.length);
const leadsOutside = (path: string, search: Search) => `${shownName(path, search)} leads outside ${search.shown}`;

/** The path that a file holds, as git reads it: blanks belong to it. */
const pathIn = (path: string) => textOf(path)?.replace(/[\r\n]+$/, '');

/** A small plain file's text; undefined where there is none. @throws where it is anything else. */
function textOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isDirectory()) return undefined;
  if (!stats.isFile() || stats.size > LARGEST_FILE_BYTES)
    throw new Error('a file of a repository is no small plain file');
  return readFileSync(path, 'utf8');
}
