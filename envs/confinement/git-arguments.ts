import type { Json, JsonObject } from '../../core/json.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { baseOf, namesWithin } from './arguments.ts';

/** Arguments of the git server that git takes for a name, a revision, an address (no protocol is allowed) or a message. */
export const GIT_TEXTS = [
  'author',
  'branch',
  'branchName',
  'commit',
  'commitish',
  'commits',
  'grep',
  'initialBranch',
  'merged',
  'message',
  'name',
  'newBranchName',
  'newName',
  'noMerged',
  'object',
  'onto',
  'ref',
  'remote',
  'remoteBranch',
  'since',
  'source',
  'startPoint',
  'stashRef',
  'tagName',
  'target',
  'until',
  'upstream',
  'url',
] as const;

const FOLDER = worldFolderOf('git');

/**
 * What is wrong with a call by which git itself would work outside, if anything. It refuses paths outside of its repository
 * everywhere else, but puts worktrees anywhere, and compares any two files once one of them is no part of a repository.
 */
export function gitRefuses(args: JsonObject, tool: string): string | undefined {
  const base = baseOf(args, FOLDER, 'path');
  const outside = operandsOf(args, tool).find((text) => !namesWithin(text, base, FOLDER));
  return outside === undefined ? undefined : `${outside} is outside ${FOLDER}`;
}

/** What such a call would write or read. */
function operandsOf(args: JsonObject, tool: string): readonly string[] {
  const { mode, worktreePath, newPath, source, target, paths } = args;
  if (tool === 'git_worktree') return textsAmong([mode === 'add' && worktreePath, mode === 'move' && newPath]);
  if (tool !== 'git_diff' || args['autoExclude'] !== false) return [];
  const compared = textsAmong([source, target, ...(Array.isArray(paths) ? (paths as readonly Json[]) : [])]);
  return compared.length === 2 ? compared : [];
}

const textsAmong = (values: readonly (Json | undefined)[]) => values.filter((value) => typeof value === 'string');
