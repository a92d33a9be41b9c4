import { messageOf, TaskFailure } from '../../../core/errors.ts';
import { branchFact, commitFact, headFact, tagFact, unstagedFact, type Fact } from '../../../core/facts.ts';
import type { Files } from '../../../core/types.ts';
import { GIT_CONFIGURATION } from './repository.ts';
import { signature, storedStream, writeCommits, writeIndex } from './writer.ts';
import type { History } from './history.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts } from '../files/facts.ts';
import { treeOf } from '../files/tree.ts';

/** The repository's folder, and the fixture file that states it as JSON. */
export const REPOSITORY = 'repo';

/** Whether a fixture states a whole repository of its own. */
export const statesHistory = (files: Files): boolean => files[REPOSITORY] !== undefined;

/** Fixture text as files on disk, a history with the bytes that git gives it. */
export function compileHistory(files: Files): Tree {
  const { [REPOSITORY]: text, ...rest } = files;
  const tree = new Map(treeOf(rest));
  if (text !== undefined) for (const [path, bytes] of writeHistory(parseHistory(text))) tree.set(path, bytes);
  return tree;
}

/** What `gitFacts` would say of the compiled files; undefined where that depends on more than the history. */
export function statedHistoryFacts(files: Files): Fact[] | undefined {
  const { [REPOSITORY]: text, ...rest } = files;
  if (text === undefined || Object.keys(rest).length > 0) return undefined;
  const history = parseHistory(text);
  const { commits, branches, tags, head, changes } = history;
  const committed = filesAt(history, branches[head] as number);
  const working = { ...committed, ...changes };
  const facts = [
    ...fileFacts(
      treeOf(Object.fromEntries(Object.entries(working).map(([path, text]) => [`${REPOSITORY}/${path}`, text]))),
    ),
    headFact(REPOSITORY, head),
    ...Object.keys(branches).map((branch) => branchFact(REPOSITORY, branch)),
    ...Object.entries(branches).flatMap(([branch, index]) => commitFacts(history, branch, index)),
    ...Object.entries(tags).map(([tag, index]) => tagFact(REPOSITORY, tag, commits[index]?.subject ?? '')),
    ...Object.entries(changes).flatMap(([path, text]) => {
      if (committed[path] === text) return [];
      return [unstagedFact(REPOSITORY, path, committed[path] === undefined ? 'new' : 'changed')];
    }),
  ];
  return [...new Set(facts)].sort();
}

function commitFacts({ commits }: History, branch: string, last: number): Fact[] {
  const counts = new Map<string, number>();
  return commits.slice(0, last + 1).map(({ subject }) => {
    const occurrence = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, occurrence);
    return commitFact(REPOSITORY, branch, subject, occurrence);
  });
}

const knownIds = new WeakMap<History, readonly string[]>();

/** Id (40 hex digits) of each commit, oldest first: what `git log` will call it. */
export function commitIds(history: History): readonly string[] {
  const ids = knownIds.get(history) ?? writeCommits(history).ids;
  knownIds.set(history, ids);
  return ids;
}

/* ---- what a history says ---- */

function parseHistory(text: string): History {
  let history: History;
  try {
    history = JSON.parse(text) as History;
  } catch (error) {
    const cure = 'Give an object with commits, branches, tags, head and changes.';
    throw new TaskFailure(`The fixture file ${REPOSITORY} is no JSON: ${messageOf(error)}. ${cure}`, { cause: error });
  }
  const names = Object.entries({ ...history.branches, ...history.tags });
  const lost = names.find(([, index]) => history.commits[index] === undefined)?.[0];
  if (lost !== undefined)
    throw new TaskFailure(`${lost} in the fixture file ${REPOSITORY} names no commit of the list.`);
  if (history.branches[history.head] === undefined)
    throw new TaskFailure(`The head ${history.head} in the fixture file ${REPOSITORY} is none of its branches.`);
  return history;
}

/** Every file of a commit. */
export function filesAt({ commits }: History, index: number): Files {
  return Object.assign({}, ...commits.slice(0, index + 1).map((commit) => commit.files)) as Files;
}

/* ---- the rest of the repository ---- */

function writeHistory(history: History): Tree {
  const { branches, tags, head, changes } = history;
  const { files: objects, ids, blobs } = writeCommits(history);
  const files = new Map([...objects].map(([path, whole]) => [path, storedStream(whole)]));
  const tip = branches[head] as number;
  const committed = filesAt(history, tip);
  const idOf = (index: number) => `${ids[index]}\n`;
  const texts: Files = {
    ...committed,
    ...changes,
    '.git/HEAD': `ref: refs/heads/${head}\n`,
    '.git/config': GIT_CONFIGURATION,
    '.git/logs/HEAD': reflog(history, ids, tip),
    '.git/objects/info/': '',
    '.git/objects/pack/': '',
  };
  const refs = [
    ...Object.entries(branches).map(([name, index]) => [`.git/refs/heads/${name}`, idOf(index)]),
    ...Object.entries(branches).map(([name, index]) => [`.git/logs/refs/heads/${name}`, reflog(history, ids, index)]),
    ...Object.entries(tags).map(([name, index]) => [`.git/refs/tags/${name}`, idOf(index)]),
    ...(Object.keys(tags).length === 0 ? [['.git/refs/tags/', '']] : []),
  ];
  files.set('.git/index', writeIndex(committed, blobs));
  for (const [path, bytes] of treeOf({ ...texts, ...(Object.fromEntries(refs) as Files) })) files.set(path, bytes);
  return new Map([...files].map(([path, bytes]) => [`${REPOSITORY}/${path}`, bytes]));
}

/** As if every commit had been made there. */
function reflog({ commits }: History, ids: readonly string[], last: number): string {
  return commits
    .slice(0, last + 1)
    .map(({ subject }, index) => {
      const [before, after] = [ids[index - 1] ?? '0'.repeat(40), ids[index]];
      return `${before} ${after} ${signature(index)}\tcommit${index === 0 ? ' (initial)' : ''}: ${subject}\n`;
    })
    .join('');
}
