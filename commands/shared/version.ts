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

/** What `git` answers where the package is; `null` where it fails. */
function git(...args: readonly string[]): string | null {
  if (packageFile === undefined) return null;
  const cwd = new URL('.', packageFile);
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout : null;
}

/** The commit of the code that runs, where the package is the top of a repository; else `null`. */
function commitOfCode(): string | null {
  const [prefix, commit] = git('rev-parse', '--show-prefix', 'HEAD')?.split('\n') ?? [];
  return prefix === '' && commit !== undefined ? commit : null;
}

/** Files of the code that runs that are in no commit; figures of record (`reports/reference`) make no episode and do not count. */
export const uncommittedFiles = (): string[] =>
  commitOfCode() === null
    ? []
    : (git('status', '--porcelain', '--', '.', ':(exclude)reports/reference') ?? '')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [line.slice(3)]));

/** Version, commit and dirty flag of the code that runs; the commit only where the package is the top of a repository. */
export function codeVersion(): Version {
  const commit = commitOfCode();
  return { version: packageVersion(), commit: commit ?? 'unknown', dirty: uncommittedFiles().length > 0 };
}
