import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';

/**
 * Runs npm in a folder, with these words, until it ends. `failure` says what has then not been done, as in
 * "X could not be added".
 * @throws UsageError where npm is missing or does not succeed.
 */
export function npm(folder: string, words: readonly string[], failure: string): void {
  const { error, status, stderr } = spawnSync('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    env: environmentOfNpm(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error)
    throw new UsageError(`${failure}: npm cannot be started (${messageOf(error)}). Install npm and try again.`);
  if (status !== 0) throw new UsageError(`${failure}. npm says: ${stderr.trim()}`);
}

/** What is built is built for the Node that will load it: npm runs under it too, and finds its headers where they came along. */
function environmentOfNpm(): NodeJS.ProcessEnv {
  const programs = dirname(realpathSync(process.execPath));
  const headers = dirname(programs);
  return {
    ...process.env,
    PATH: [programs, process.env['PATH'] ?? ''].join(delimiter),
    ...(existsSync(join(headers, 'include', 'node', 'node.h')) ? { npm_config_nodedir: headers } : {}),
  };
}
