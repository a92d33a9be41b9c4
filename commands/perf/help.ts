import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../core/errors.ts';
import { entry } from '../shared/places.ts';
import type { PerfGroup } from './measure.ts';

/** Processor time of `toolstone --help`, beside that of an earlier commit. Throws `UsageError` where there is none such. */
export function helpPerf(commit: string): PerfGroup {
  const hash = hashOf(commit);
  return {
    name: 'help',
    open: async () => {
      const { folder, remove } = checkOut(hash);
      const here = fileURLToPath(entry);
      return {
        comparisons: [
          {
            what: 'processor time of toolstone --help',
            unit: 'ms',
            ours: { name: 'this code', sample: async () => processorMilliseconds(here, '--help') },
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

/** Repository of this code. */
const root = fileURLToPath(new URL('.', entry));

const git = (...words: string[]) => spawnSync('git', words, { cwd: root, encoding: 'utf8' });

function hashOf(commit: string): string {
  const { status, stdout } = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`);
  if (status === 0) return stdout.trim();
  throw new UsageError(
    `There is no commit "${commit}" to measure against. Give one of the repository that this code lies in.`,
  );
}

/** A commit's files in a folder of their own, with the packages that this code has. */
export function checkOut(hash: string): { readonly folder: string; readonly remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'toolstone-perf-'));
  const folder = join(parent, 'toolstone');
  const packages = join(folder, 'node_modules');
  const remove = () => {
    // The link alone: what it leads to is ours.
    if (existsSync(packages)) unlinkSync(packages);
    git('worktree', 'remove', '--force', folder);
    rmSync(parent, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  const { status, stderr } = git('worktree', 'add', '--detach', folder, hash);
  if (status !== 0) {
    remove();
    throw new UsageError(`Commit ${hash} could not be checked out: ${stderr.trim()}.`);
  }
  symlinkSync(join(root, 'node_modules'), packages);
  return { folder, remove };
}

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
