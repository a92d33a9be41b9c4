/**
 * What Toolstone makes of programs that a machine may lack, present and absent whatever this machine has. Bubblewrap has
 * test/envs/script.test.ts; node-llama-cpp test/models/llama-absent.test.ts; a server of models that is down
 * test/cli/wrong-use.test.ts, one that is up test/models; Python test/suites/imported-tasks.test.ts. Chromium only opens the
 * page of test/reports/page.test.ts; BFCL's own classes play in test/live/bfcl.test.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { makeRepository } from '../envs/state/git/repository.ts';
import { pythonWithTrainer } from '../finetune/drive/python.ts';
import { howToAddClasses, pythonWithClasses } from '../suites/importers/reading/bfcl-classes.ts';
import { temporaryFolder } from './cli/toolstone.ts';
import { hideProgram, standInFor } from './envs/optional-programs.ts';

const make = (): void => makeRepository(temporaryFolder());

test('without git its fixture names the cure, and the git that PATH finds is the one that is used', () => {
  standInFor('git', `echo 'fatal: a stand-in' >&2; exit 9`);
  expect(make).toThrow('The git fixture could not be made: fatal: a stand-in');
  vi.unstubAllEnvs();
  hideProgram('git');
  expect(make).toThrow(UsageError);
  expect(make).toThrow(
    /program git could not be run \(.*ENOENT\)\. Install git, or choose a suite without the server git/,
  );
});

test("BFCL's own classes are found where their set-up puts them, as they are pinned now", () => {
  const cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(pythonWithClasses()).toBeUndefined();
  expect(howToAddClasses).toBe('bash suites/importers/bfcl-classes/setup.sh');
  const folder = join(cache, 'toolstone', 'bfcl');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ready'), 'other versions\n');
  expect(pythonWithClasses()).toBeUndefined();
  const pins = readFileSync('suites/importers/bfcl-classes/requirements.txt');
  writeFileSync(join(folder, 'ready'), `${createHash('sha256').update(pins).digest('hex')}\n`);
  expect(pythonWithClasses()).toBe(join(folder, 'bin', 'python'));
});

test('the trainers are found where their set-up puts them, and their absence names the set-up', () => {
  const cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => pythonWithTrainer(undefined)).toThrow(
    /needs Python with TRL and torch.*finetune\/trl\/setup\.sh trainer.*--python/s,
  );
  const folder = join(cache, 'toolstone', 'python');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ready-trainer'), '');
  expect(pythonWithTrainer(undefined)).toBe(join(folder, 'bin', 'python'));
  expect(pythonWithTrainer(process.execPath)).toBe(process.execPath);
  expect(existsSync('finetune/trl/setup.sh'), 'the script that both sentences name').toBe(true);
});
