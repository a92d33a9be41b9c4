import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { loadOwn } from '../../core/load-own.ts';
import type { EndedEpisode } from '../../core/goal-types.ts';
import { verifierShape, type Verifier } from './verifier.ts';

/**
 * `verify-child FILE SERVER=FOLDER…` asks a user's own verifier of an episode that comes as JSON on standard input: 0 is a yes, 1 a no
 * whose reason stands on standard error, 2 no answer.
 */
const [, , path = '', ...places] = process.argv;
const folders = Object.fromEntries(
  places.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
);

const files = (server: string): Record<string, string> => {
  const folder = folders[server];
  if (folder === undefined)
    throw new Error(`${server} is none of the task's servers: ${Object.keys(folders).join(', ')}`);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
};

try {
  const verify = await loadOwn<Verifier>(path, 'verifier', verifierShape);
  const episode = JSON.parse(readFileSync(0, 'utf8')) as EndedEpisode;
  const verdict: unknown = await verify({ ...episode, folders, files });
  if (typeof verdict !== 'boolean' && typeof verdict !== 'string')
    throw new Error(`The verifier ${path} gave ${JSON.stringify(verdict)}. Expected: ${verifierShape.example}.`);
  if (typeof verdict === 'string') process.stderr.write(`${verdict}\n`);
  process.exitCode = verdict === true ? 0 : 1;
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
