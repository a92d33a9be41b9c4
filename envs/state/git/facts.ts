import { createHash } from 'node:crypto';
import {
  branchFact,
  commitFact,
  headFact,
  repositoryFact,
  stagedFact,
  tagFact,
  unstagedFact,
} from '../../../core/facts.ts';
import type { Fact } from '../../../core/facts.ts';
import { commitOf, historyOf, indexFiles, refsOf, type Repository, repositoryIn, treeFiles } from './objects.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';

/** Work tree files, and what each repository says of branches, head, tags, commits, staging, remotes and stashes. */
export function gitFacts(tree: Tree): Fact[] {
  const folders = new Set([...tree.keys()].flatMap((path) => /^(.*?)\.git\//.exec(path)?.[1] ?? []));
  const facts = [...folders].flatMap((folder) =>
    repositoryFacts(folder.replace(/\/$/, ''), repositoryIn(tree, `${folder}.git/`), workingFiles(tree, folder)),
  );
  return [...fileFacts(without(tree, (path) => /(^|\/)\.git\//.test(path))), ...facts].sort();
}

/** Path → object id of the files in a repository's folder, those of repositories inside it left out. */
function workingFiles(tree: Tree, folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [path, bytes] of tree) {
    if (!path.startsWith(folder) || path.endsWith('/')) continue;
    const below = path.slice(folder.length);
    if (/(^|\/)\.git\//.test(below)) continue;
    files.set(below, createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'));
  }
  return files;
}

function repositoryFacts(name: string, repository: Repository, working: ReadonlyMap<string, string>): Fact[] {
  const refs = refsOf(repository);
  const facts: Fact[] = [];
  for (const [ref, id] of refs) {
    const [, kind, ...rest] = ref.split('/');
    const short = rest.join('/');
    if (kind === 'heads') facts.push(branchFact(name, short), ...commitFacts(name, short, repository, id));
    else if (kind === 'tags') facts.push(tagFact(name, short, commitOf(repository, id)?.subject ?? ''));
    else facts.push(repositoryFact(name, ref.slice('refs/'.length), commitOf(repository, id)?.subject ?? ''));
  }
  return [...facts, ...headFacts(name, repository, refs, working), ...settingFacts(name, repository)];
}

function commitFacts(name: string, branch: string, repository: Repository, id: string): Fact[] {
  const counts = new Map<string, number>();
  return historyOf(repository, id).map(({ subject }) => {
    const occurrence = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, occurrence);
    return commitFact(name, branch, subject, occurrence);
  });
}

/** The checked-out branch, how the index differs from its last commit, and the working tree from the index. */
function headFacts(
  name: string,
  repository: Repository,
  refs: ReadonlyMap<string, string>,
  working: ReadonlyMap<string, string>,
): Fact[] {
  const head = (repository.file('HEAD') ?? '').trim();
  const ref = head.startsWith('ref: ') ? head.slice('ref: '.length) : undefined;
  const id = ref === undefined ? head : refs.get(ref);
  const commit = id === undefined ? undefined : commitOf(repository, id);
  const label = ref === undefined ? `(detached) ${commit?.subject ?? ''}` : ref.replace('refs/heads/', '');
  const committed = commit ? treeFiles(repository, commit.tree) : new Map<string, string>();
  const staged = indexFiles(repository);
  const changed = [...staged].filter(([path, blob]) => committed.get(path) !== blob);
  const removed = [...committed.keys()].filter((path) => !staged.has(path));
  return [
    headFact(name, label),
    ...changed.map(([path]) => stagedFact(name, path, 'changed')),
    ...removed.map((path) => stagedFact(name, path, 'removed')),
    ...[...staged.keys()].flatMap((path) => (working.has(path) ? [] : [unstagedFact(name, path, 'removed')])),
    ...[...working].flatMap(([path, blob]) => {
      const stagedBlob = staged.get(path);
      if (stagedBlob === blob) return [];
      return [unstagedFact(name, path, stagedBlob === undefined ? 'new' : 'changed')];
    }),
  ];
}

/** Remotes and unfinished operations. */
function settingFacts(name: string, repository: Repository): Fact[] {
  const facts: Fact[] = [];
  let section = '';
  for (const line of (repository.file('config') ?? '').split('\n')) {
    section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
    const url = /^\s*url\s*=\s*(.*)$/.exec(line)?.[1];
    if (url !== undefined) facts.push(repositoryFact(name, section, url));
  }
  for (const file of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD']) {
    if (repository.bytes(file)) facts.push(repositoryFact(name, 'unfinished', file));
  }
  const isRebasing = repository.under('rebase-merge').length + repository.under('rebase-apply').length > 0;
  if (isRebasing) facts.push(repositoryFact(name, 'unfinished', 'rebase'));
  return facts;
}
