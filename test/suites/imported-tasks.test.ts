import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Task } from '../../core/types.ts';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { importerNames } from '../../suites/importers/reading/importer-list.ts';
import { importTasks } from '../../suites/importers/reading/write.ts';
import { ownSuite } from '../../suites/own-tasks/suite.ts';
import { live, story } from './live-worlds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'toolstone-imported-'));
const pool = openWorldPool({ lanes: 1 });
afterAll(async () => {
  await pool.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

const samples = join(import.meta.dirname, '../../suites/importers/samples');
const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;

const call = (server: string, tool: string, args: JsonObject): PlannedCall => ({
  server,
  tool,
  arguments: args,
  after: [],
});
const file = (tool: string, args: JsonObject) => call('filesystem', tool, args);

/** How we solve sample tasks whose format has no gold calls, by the end of their ids. */
const solutions: Readonly<Record<string, Pick<Task, 'plan' | 'answer'>>> = {
  time_mcp_000: {
    plan: [
      call('time', 'current_time', { format: 'YYYY-MM-DD HH:mm:ss', timezone: 'Europe/Lisbon' }),
      call('time', 'convert_time', {
        sourceTimezone: 'Europe/Lisbon',
        targetTimezone: 'Asia/Tokyo',
        time: '2026-03-23 19:30:00',
      }),
    ],
    answer: 'In Osaka it will be 04:30.',
  },
  '9d1f-000000000001': {
    plan: [
      file('read_text_file', { path: 'txt/tide_log.txt' }),
      file('write_file', { path: 'txt/high_tides.txt', content: '03:10\n15:38\n' }),
    ],
    answer: '',
  },
  '9d1f-000000000002': {
    plan: [file('read_text_file', { path: 'txt/tide_log.txt' })],
    answer: 'It lies 3.6 m above it.',
  },
  sort_seed_lists: {
    plan: [
      file('create_directory', { path: 'spring' }),
      file('create_directory', { path: 'autumn' }),
      ...Object.entries({ beans: 'spring', garlic: 'autumn', peas: 'spring' }).map(([name, season]) =>
        file('move_file', { source: `lists/${name}.txt`, destination: `${season}/${name}.txt` }),
      ),
      file('write_file', { path: 'count.txt', content: '2\n' }),
    ],
    answer: '',
  },
};

async function importSample(name: string): Promise<string> {
  const folder = join(samples, name);
  const only = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isFile());
  const output = join(mkdtempSync(join(scratch, `${name}-`)), 'tasks.yaml');
  await importTasks({ format: name, input: only ? join(folder, only.name) : folder, output });
  return output;
}

/** Tasks of a task file, of the first split, and how each is solved. */
function tasksOf(path: string) {
  const tasks = ownSuite({ file: path }).tasks('test', 100);
  const solved = tasks.map((task) => {
    const own = Object.entries(solutions).find(([end]) => task.id.endsWith(end))?.[1];
    return own ? { ...task, ...own } : task;
  });
  return { tasks, solutionOf: (id: string) => solved.find((task) => task.id === id) ?? { plan: [], answer: '' } };
}

describe.each(importerNames.map((name) => ({ name })))('tasks imported from $name', ({ name }) => {
  const options = { timeout: 60_000, skip: name === 'mcpmark' && !hasPython };

  test('are solved by the gold calls or by ours, and not by doing nothing', options, async () => {
    const { tasks, solutionOf } = tasksOf(await importSample(name));
    expect(tasks.length).toBeGreaterThan(0);
    for (const task of tasks) expect(solutionOf(task.id).plan.length, task.id).toBeGreaterThan(0);
    for (const result of await live({ pool, openView: toolView, policy: oracle(solutionOf), tasks }))
      expect(result.success, story(result)).toEqual({ verified: true, properFinish: true });
    for (const result of await live({ pool, openView: toolView, policy: noOp(), tasks }))
      expect(result.success?.verified, story(result)).toBe(false);
  });
});

test('a verifier whose interpreter is absent is a fault of the task, whatever this machine has', async () => {
  const path = await importSample('mcpmark');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('- python3\n', '- python3-that-nobody-has\n'));
  const { tasks, solutionOf } = tasksOf(path);
  const [result] = await live({ pool, openView: toolView, policy: oracle(solutionOf), tasks });
  expect(result?.success).toBe(null);
  expect(JSON.stringify(result)).toMatch(/python3-that-nobody-has.*(could not be run|127)/);
});

test.skipIf(!hasPython)('a verifier that lacks a module is a fault of the task, one that breaks is a no', async () => {
  const path = await importSample('mcpmark');
  const folder = join(path, '../mcpmark.files/verify');
  const verifier = join(folder, readdirSync(folder)[0] ?? '', 'verify.py');
  const text = readFileSync(verifier, 'utf8');
  const successWith = async (program: string) => {
    writeFileSync(verifier, program);
    const { tasks, solutionOf } = tasksOf(path);
    const [result] = await live({ pool, openView: toolView, policy: oracle(solutionOf), tasks });
    return result;
  };
  const lacking = await successWith(`import no_such_module_here\n${text}`);
  expect(lacking?.success).toBe(null);
  const broken = await successWith(text.replace('    folder =', '    raise ValueError("broken")\n    folder ='));
  expect(broken?.success?.verified).toBe(false);
});
