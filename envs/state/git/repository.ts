import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../../../core/errors.ts';

const AUTHOR = 'Ada Lindqvist';
const EMAIL = 'ada@example.com';

/**
 * What outranks a repository's own configuration, whatever that holds: it can switch on neither hooks nor a monitor, and nobody
 * checks signatures, for that is done by programs.
 */
const OUTRANKING = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'gpg.program': 'false',
  'gpg.x509.program': 'false',
  'gpg.ssh.program': 'false',
} as const;

/** Identity and time of every commit, and no configuration but the repository's own. */
export const FIXED_GIT_ENVIRONMENT = {
  GIT_AUTHOR_NAME: AUTHOR,
  GIT_AUTHOR_EMAIL: EMAIL,
  GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
  GIT_COMMITTER_NAME: AUTHOR,
  GIT_COMMITTER_EMAIL: EMAIL,
  GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...asEnvironment(OUTRANKING),
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
} as const;

function asEnvironment(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    GIT_CONFIG_COUNT: `${Object.keys(settings).length}`,
    ...(Object.fromEntries(pairs) as Record<string, string>),
  };
}

/** Without compression an object's bytes do not depend on the installed zlib; nothing is packed behind our back. */
export const GIT_CONFIGURATION = `[core]
\trepositoryformatversion = 0
\tfilemode = false
\tbare = false
\tlogallrefupdates = true
\tcompression = 0
\tlooseCompression = 0
[gc]
\tauto = 0
[maintenance]
\tauto = false
[user]
\tname = ${AUTHOR}
\temail = ${EMAIL}
[advice]
\tdetachedHead = false
`;

interface Step {
  readonly files: Readonly<Record<string, string>>;
  readonly subject: string;
}

const HISTORY: readonly Step[] = [
  {
    files: {
      'README.md': '# Tide tables\n\nSmall tools for reading tide tables.\n',
      'src/tides.py': 'def high_water(rows):\n    return max(rows)\n',
    },
    subject: 'Start the project',
  },
  { files: { 'docs/harbours.md': '# Harbours\n\n- Visby\n- Kalmar\n' }, subject: 'List the harbours' },
  {
    files: {
      'src/tides.py': 'def high_water(rows):\n    return max(rows)\n\n\ndef low_water(rows):\n    return min(rows)\n',
    },
    subject: 'Add low water',
  },
];

/** A repository in `folder`/repo: three commits on `main`, the branch `draft` and the tag `v0.1.0` on the second. */
export function makeRepository(folder: string): void {
  const repository = join(folder, 'repo');
  mkdirSync(repository);
  git(repository, ['init', '--quiet', '--template=', '--initial-branch=main']);
  writeFileSync(join(repository, '.git', 'config'), GIT_CONFIGURATION);
  for (const [index, { files, subject }] of HISTORY.entries()) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    const date = `2026-01-0${index + 1}T09:00:00Z`;
    git(repository, ['add', '--all']);
    git(repository, ['commit', '--quiet', '--message', subject], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  }
  git(repository, ['branch', 'draft', 'HEAD~1']);
  git(repository, ['tag', 'v0.1.0', 'HEAD~1']);
  // A fresh index, without the file times of the one that `add` wrote.
  rmSync(join(repository, '.git', 'index'));
  git(repository, ['read-tree', 'HEAD']);
}

function git(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const env = { PATH: process.env['PATH'] ?? '', ...FIXED_GIT_ENVIRONMENT, ...environment };
  const result = spawnSync('git', args, { cwd: folder, env, encoding: 'utf8' });
  if (result.error) {
    const cure = 'Install git, or choose a suite without the server git.';
    throw new UsageError(`The program git could not be run (${result.error.message}). ${cure}`, {
      cause: result.error,
    });
  }
  if (result.status !== 0) throw new UsageError(`The git fixture could not be made: ${result.stderr.trim()}`);
}
