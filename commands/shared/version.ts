import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Manifest } from '../../core/run-types.ts';

/** What is known of the code that runs, but for its identity (`identity.ts`). */
export type Version = Omit<Manifest['toolstone'], 'source'>;

/** Version, commit and dirty flag of the code that runs; `from` is the module in its top folder. */
export function ownVersion(from: URL): Version {
  const file = [new URL('./package.json', from), new URL('../package.json', from)].find((one) => existsSync(one));
  const unknown = { version: 'unknown', commit: 'unknown', dirty: false };
  if (file === undefined) return unknown;
  const { version = 'unknown' } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: new URL('.', file), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { status, stdout } = git('rev-parse', '--show-prefix', 'HEAD');
  const [prefix, commit] = (stdout ?? '').split('\n');
  if (status !== 0 || prefix !== '' || commit === undefined) return { ...unknown, version };
  return { version, commit, dirty: git('status', '--porcelain').stdout.trim() !== '' };
}
