import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { gitFacts } from '../state/git/facts.ts';
import { FIXED_GIT_ENVIRONMENT, makeRepository } from '../state/git/repository.ts';
import { compileHistory, statedHistoryFacts, statesHistory } from '../state/git/files.ts';
import { GIT_TEXTS, gitRefuses } from '../confinement/git-arguments.ts';
import { gitFault } from '../confinement/git-repositories.ts';
import { findProgram } from '../confinement/levels/programs.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

/** The empty state holds one small repository, in the folder `repo`; a fixture's file `repo` states another as JSON. */
export default {
  ...fileBacked,
  name: 'git',
  package: '@cyanheads/git-mcp-server',
  licence: 'Apache-2.0',
  summary: 'Works on a git repository: status, commits, branches, tags, history.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder, home }) => ({
    ...FIXED_GIT_ENVIRONMENT,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin', // wherever the user's git lies
    MCP_TRANSPORT_TYPE: 'stdio',
    MCP_LOG_LEVEL: 'error',
    LOGS_DIR: home,
    GIT_BASE_DIR: folder,
    GIT_SIGN_COMMITS: 'false',
    GIT_CEILING_DIRECTORIES: dirname(folder),
    // No protocol: clone, fetch and push reach neither the network nor another folder.
    GIT_ALLOW_PROTOCOL: 'none',
  }),
  programs: gitFolders,
  prepare: makeRepository,
  compile: compileHistory,
  replacesEmpty: statesHistory,
  statedFacts: statedHistoryFacts,
  facts: gitFacts,
  refuses: gitRefuses,
  unsafeState: gitFault,
  proseArguments: GIT_TEXTS,
  checksItself: ['path', 'filePath', 'paths', 'filesToStage', 'worktreePath', 'newPath'],
  relativeTo: 'path',
  undoneBy: { git_set_working_dir: { tool: 'git_clear_working_dir', arguments: { confirm: 'Y' } } },
  // It runs several git commands at a time and reports whichever fails first.
  withheld: ['git_changelog_analyze'],
  expectedTools: 28,
} satisfies ServerDefinition;

/** Where the user's git lies, and the programs of which it consists. */
function gitFolders(): readonly string[] {
  const git = findProgram('git');
  if (git === null) return [];
  const { stdout } = spawnSync(git, ['--exec-path'], { encoding: 'utf8' });
  return [dirname(git), dirname(realpathSync(git)), stdout.trim()];
}
