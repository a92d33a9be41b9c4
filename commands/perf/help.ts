import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../core/errors.ts';
import { entry } from '../shared/places.ts';
import type { PerfGroup } from './measure.ts';

/**
 * Processor time of `toolstone --help`, beside that of an earlier commit of a repository, by default of the one that this code
 * lies in. Throws `UsageError` where it has no such commit.
 */
export function helpPerf(commit: string, repository = fileURLToPath(new URL('.', entry))): PerfGroup {
  const hash = hashOf(commit, repository);
  return {
    name: 'help',
    open: async () => {
      const { folder, remove } = checkOut(hash, repository);
      return {
        comparisons: [
          {
            what: 'processor time of toolstone --help',
            unit: 'ms',
            ours: { name: 'this code', sample: async () => processorMilliseconds(fileURLToPath(entry), '--help') },
            yardstick: {
              name: `commit ${hash.slice(0, 7)}`,
              sample: async () => processorMilliseconds(join(folder, 'toolstone.ts'), '--help'),
            },
            target: { of: 'ratio', atMost: 0.5 },
          },
        ],
        close: async () => remove(),
      };
    },
  };
}

function hashOf(commit: string, repository: string): string {
  const { status, stdout } = git(repository, 'rev-parse', '--verify', '--quiet', `${commit}^{commit}`);
  if (status === 0) return stdout.trim();
  throw new UsageError(`There is no commit "${commit}" to measure against. Give one that \`git log\` lists here.`);
}

/** A commit's files in a folder of their own, with the packages that the repository has. */
function checkOut(hash: string, repository: string): { readonly folder: string; readonly remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'toolstone-perf-'));
  const folder = join(parent, 'toolstone');
  const packages = join(folder, 'node_modules');
  const remove = () => {
    // The link alone: what it leads to is not the commit's.
    rmSync(packages, { force: true });
    git(repository, 'worktree', 'remove', '--force', folder);
    rmSync(parent, { recursive: true, force: true });
  };
  const { status, stderr } = git(repository, 'worktree', 'add', '--detach', folder, hash);
  if (status !== 0) {
    remove();
    throw new UsageError(`Commit ${hash} cannot be checked out: ${stderr.trim()}. Leave --against out, or mend that.`);
  }
  symlinkSync(join(repository, 'node_modules'), packages);
  return { folder, remove };
}

const git = (repository: string, ...words: string[]) => spawnSync('git', words, { cwd: repository, encoding: 'utf8' });

/** Writes the microseconds of user and system time that its process has taken, as it ends, to a fourth channel. */
const reporter = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String(user + system));
  });
`)}`;

/** Milliseconds of processor time of a program, its children apart, with nothing compiled kept from one time to the next. */
export function processorMilliseconds(file: string, ...words: readonly string[]): number {
  const { status, output } = spawnSync(process.execPath, ['--import', reporter, file, ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    encoding: 'utf8',
  });
  const [, , complaint, microseconds = ''] = output ?? [];
  if (status !== 0 || !/^\d+$/.test(microseconds ?? ''))
    throw new Error(`${file} ended with ${status}: ${complaint?.trim() ?? ''}`);
  return Number(microseconds) / 1000;
}
