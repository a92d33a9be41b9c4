/** BFCL's own classes and data, where suites/importers/bfcl-classes/setup.sh has added them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Task } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { howToAddClasses, pythonWithClasses } from '../../suites/importers/reading/bfcl-classes.ts';
import { importTasks } from '../../suites/importers/reading/write.ts';
import { ownSuite } from '../../suites/own-tasks/suite.ts';
import { live, story } from '../suites/live-worlds.ts';
import { howToRun, isLive } from './slow.ts';

const python = pythonWithClasses();
const title = 'BFCL with its own classes';
if (python === undefined) test.skip(`${title} (absent; add them with: ${howToAddClasses})`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

const byPlan = (tasks: readonly Task[]) =>
  oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });

const call = (tool: string, args: PlannedCall['arguments'], server = 'GorillaFileSystem'): PlannedCall => ({
  server,
  tool,
  arguments: args,
  after: [],
});

describe.skipIf(python === undefined || !isLive)(title, { timeout: 300_000 }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'toolstone-bfcl-'));
  const pool = openWorldPool({ lanes: 2 });
  afterAll(async () => {
    await pool.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });

  let files = 0;
  const library = join(dirname(dirname(python ?? '')), 'lib');
  const data = (variant: string): string => {
    const [version = ''] = python === undefined ? [] : readdirSync(library);
    return join(library, version, 'site-packages/bfcl_eval/data', `BFCL_v4_multi_turn_${variant}.json`);
  };
  const imported = async (input: string): Promise<readonly Task[]> => {
    const file = join(scratch, `tasks-${(files += 1)}.yaml`);
    await importTasks({ format: 'bfcl', input, output: file });
    return ownSuite({ file }).tasks('test', 1000);
  };
  const successes = async (tasks: readonly Task[], policy: ReturnType<typeof noOp>) => {
    const all = await live({ pool, openView: toolView, policy, tasks });
    return { all, solved: all.filter(({ success }) => success?.verified).length };
  };
  test('base: at least 100 of 200 can be played, the oracle solves each, doing nothing none', async () => {
    const tasks = await imported(data('base'));
    expect(tasks.length).toBeGreaterThanOrEqual(100);
    const played = await successes(tasks, byPlan(tasks));
    for (const result of played.all) expect(result.success?.verified, story(result)).toBe(true);
    expect((await successes(tasks, noOp())).solved).toBe(0);
  });

  test.each(['miss_param', 'long_context'])('%s: some of it, likewise', async (variant) => {
    const all = await imported(data(variant));
    expect(all.length).toBeGreaterThanOrEqual(100);
    const tasks = all.filter((_, index) => index % 20 === 0);
    expect((await successes(tasks, byPlan(tasks))).solved).toBe(tasks.length);
    expect((await successes(tasks, noOp())).solved).toBe(0);
  });

  test('its own checker passes no plan that ours refuses, and hardly more than it are passed by ours', () => {
    const script = join(import.meta.dirname, 'bfcl_agreement.py');
    const classes = join(import.meta.dirname, '../../suites/importers/bfcl-classes');
    const { stdout, stderr } = spawnSync(python ?? '', ['-B', script, classes, data('base')], {
      encoding: 'utf8',
      env: { TZ: 'UTC' },
    });
    const counts = JSON.parse(stdout === '' ? `"${stderr.slice(-500)}"` : stdout) as Record<string, number>;
    expect(counts['plans'], stderr).toBeGreaterThan(1000);
    expect(counts['onlyTheirs']).toBe(0);
    expect(counts['neither']).toBeGreaterThan(0.9 * ((counts['plans'] ?? 0) - (counts['both'] ?? 0)));
  });

  describe('of our own sample', () => {
    const done = call('mkdir', { dir_name: 'done' });
    const tail = call('tail', { file_name: 'log.txt', lines: 1 });
    const list = call('ls', { a: true });
    const post = (content: string) => call('post_tweet', { content }, 'TwitterAPI');
    const login = call('authenticate_twitter', { username: 'harbour_office', password: 'sea-saw-1' }, 'TwitterAPI');

    test.each([
      ['the gold calls', '1', [list, tail, done], true],
      [
        'another order, and more that is read',
        '1',
        [done, call('pwd', {}), call('cat', { file_name: 'log.txt' }), tail, list],
        false,
      ],
      [
        'the same, where the list is read before the folder is made',
        '1',
        [call('pwd', {}), list, call('cat', { file_name: 'log.txt' }), tail, done],
        true,
      ],
      ['the list by find, which tells the same', '1', [call('find', { path: '.' }), tail, done], false],
      ['nothing read', '1', [done], false],
      ['something made beside', '1', [list, tail, done, call('touch', { file_name: 'x' })], false],
      ['sorted lines by sort', '2', [call('sort', { file_name: 'names.txt' })], true],
      ['the file as it is, unsorted', '2', [call('cat', { file_name: 'names.txt' })], false],
      ['posted by who is logged in', '4', [login, post('The regatta starts at noon.')], true],
      ['posted otherwise', '4', [login, post('The regatta starts at one.')], false],
      ['posted twice', '4', [login, post('The regatta starts at noon.'), post('The regatta starts at noon.')], false],
    ])('%s (question %s)', async (_, question, plan, isRight) => {
      const sample = join(import.meta.dirname, '../../suites/importers/samples/bfcl/BFCL_v4_multi_turn_base.json');
      const task = (await imported(sample)).find(({ id }) => id.endsWith(`base_${question}`));
      if (!task) throw new Error('no such question');
      const { messages: __, ...alone } = task;
      const { all } = await successes(
        [alone],
        oracle(() => ({ plan, answer: '' })),
      );
      expect(all[0]?.success?.verified, all[0] && story(all[0])).toBe(isRight);
    });
  });
});
