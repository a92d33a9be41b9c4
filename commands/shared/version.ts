import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shownPath } from '../../core/shown-path.ts';
import type { Manifest } from '../../core/run-types.ts';
import { entry } from './places.ts';

/** What is known of the code that runs, but for its identity (`run-identity.ts`). */
export type Version = Omit<Manifest['toolstone'], 'source'>;

/** The package's own file, which lies beside the entry file or, compiled, above it. */
const packageFile = ['./package.json', '../package.json']
  .map((path) => new URL(path, entry))
  .find((file) => existsSync(file));

/** A file that comes with the package. */
export const fileOfPackage = (path: string): URL => new URL(path, packageFile ?? entry);

/** The same as the user types it from where he stands. */
export const packagePath = (path: string): string => shownPath(fileURLToPath(fileOfPackage(path)));

/** Version that the package's own file states. */
export function packageVersion(): string {
  if (packageFile === undefined) return 'unknown';
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version?: string }).version ?? 'unknown';
}

/** Version, commit and dirty flag of the code that runs; the commit only where the package is the top of a repository. */
export function codeVersion(): Version {
  const unknown = { version: packageVersion(), commit: 'unknown', dirty: false };
  if (packageFile === undefined) return unknown;
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: new URL('.', packageFile), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { status, stdout } = git('rev-parse', '--show-prefix', 'HEAD');
  const [prefix, commit] = (stdout ?? '').split('\n');
  if (status !== 0 || prefix !== '' || commit === undefined) return unknown;
  return { ...unknown, commit, dirty: git('status', '--porcelain').stdout.trim() !== '' };
}
