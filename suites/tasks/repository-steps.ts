import type { Files } from '../../core/types.ts';
import type { History } from '../../envs/state/git/history.ts';
import { commitIds, REPOSITORY } from '../../envs/state/git/files.ts';
import { type Change, unchanged } from './state.ts';
import type { Step } from './step.ts';

/** Steps on the git repository that a state's history makes. */

const step = (tool: string, args: Step['arguments'], change: Change = unchanged): Step => ({
  server: 'git',
  tool,
  arguments: { path: REPOSITORY, ...args },
  change,
});

/** Commits of the checked-out branch, or those that `range` names. */
export const readLog = (range?: string): Step => step('git_log', range === undefined ? {} : { branch: range });

/** Commits that changed a file. */
export const readFileLog = (filePath: string): Step => step('git_log', { filePath });

/** Every tag with the subject of its commit. */
export const listTags = (): Step => step('git_tag', { mode: 'list' });

/** Which files a commit changed. */
export const showCommit = (object: string): Step => step('git_show', { object, stat: true });

/** A file as it was at a commit. */
export const showFile = (object: string, filePath: string): Step => step('git_show', { object, filePath });

export const readStatus = (): Step => step('git_status', {});

/** What `git log` calls a commit. */
export const commitId = (history: History, index: number): string => {
  const id = commitIds(history)[index];
  if (id === undefined) throw new RangeError(`no commit ${index} in the history`);
  return id;
};

/** `at` is a commit's id, or a name that it has. */
export const createBranch = (branchName: string, at: string, index: number): Step =>
  step(
    'git_branch',
    { mode: 'create', branchName, startPoint: at },
    changeHistory((before) => ({ ...before, branches: { ...before.branches, [branchName]: index } })),
  );

export const createTag = (tagName: string, at: string, index: number): Step =>
  step(
    'git_tag',
    { mode: 'create', tagName, commit: at },
    changeHistory((before) => ({ ...before, tags: { ...before.tags, [tagName]: index } })),
  );

/** Tags what is checked out. */
export const tagHead = (tagName: string): Step =>
  step(
    'git_tag',
    { mode: 'create', tagName },
    changeHistory((before) => ({ ...before, tags: { ...before.tags, [tagName]: tipOf(before) } })),
  );

/** Creates a branch where the head is, and checks it out; changes of the working tree stay. */
export const switchToNew = (target: string): Step =>
  step(
    'git_checkout',
    { target, createBranch: true },
    changeHistory((before) => ({
      ...before,
      branches: { ...before.branches, [target]: tipOf(before) },
      head: target,
    })),
  );

/** What is staged shows in the state once it is committed. */
export const stage = (paths: readonly string[]): Step => step('git_add', { paths: [...paths] });

/** Commits what was staged: these changed files. The head must be at the last commit. */
export const commit = (message: string, paths: readonly string[]): Step =>
  step(
    'git_commit',
    { message },
    changeHistory((before) => {
      if (tipOf(before) !== before.commits.length - 1) throw new RangeError('the head is not at the last commit');
      const staged = new Set(paths);
      return {
        ...before,
        commits: [
          ...before.commits,
          { subject: message, files: filesWhere(before.changes, (path) => staged.has(path)) },
        ],
        branches: { ...before.branches, [before.head]: before.commits.length },
        changes: filesWhere(before.changes, (path) => !staged.has(path)),
      };
    }),
  );

const filesWhere = (files: Files, isChosen: (path: string) => boolean): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => isChosen(path)));

const tipOf = ({ branches, head }: History): number => branches[head] ?? 0;

const changeHistory =
  (work: (history: History) => History): Change =>
  (state) => {
    if (state.history === null) throw new RangeError('no history to change');
    return { ...state, history: work(state.history) };
  };
