import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Task } from '../../core/types.ts';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { hasSolution } from '../../core/solution.ts';
import { isForJudge } from '../../judges/truth/goal.ts';
import { importerNames } from '../../suites/importers/reading/importer-list.ts';
import { importTasks } from '../../suites/importers/reading/write.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { ownSuite } from '../../suites/own-tasks/suite.ts';
import { live, story } from './live-worlds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'toolstone-imported-'));
const pool = openWorldPool({ lanes: 1 });
// Whatever this machine has: BFCL's own classes have a test of their own, test/live/bfcl.test.ts.
beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', join(scratch, 'cache')));
afterAll(async () => {
  vi.unstubAllEnvs();
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
  time_mcp_001: { plan: [], answer: 'At nine in the morning.' },
  '9d1f-000000000004': {
    plan: [
      call('memory', 'create_entities', { entities: [{ name: 'Teal', entityType: 'boat', observations: [] }] }),
      call('memory', 'search_nodes', { query: 'Teal' }),
    ],
    answer: 'Nothing but its name.',
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

  test('are solved by the gold calls or by ours, or go to a judge, and not by doing nothing', options, async () => {
    const { tasks, solutionOf } = tasksOf(await importSample(name));
    expect(tasks.length).toBeGreaterThan(0);
    for (const task of tasks) expect(hasSolution(solutionOf(task.id)), task.id).toBe(true);
    for (const result of await live({ pool, openView: toolView, policy: oracle(solutionOf), tasks })) {
      expect(result.outcome.kind, story(result)).toBe('terminated');
      expect(result.success, story(result)).toEqual(
        isForJudge(result.task) ? null : { verified: true, properFinish: true },
      );
    }
    for (const result of await live({ pool, openView: toolView, policy: noOp(), tasks }))
      expect(result.success?.verified, story(result)).toBe(false);
  });
});

/** What code says of an answer: it is right or wrong, or it is for a judge. */
type Said = 'right' | 'wrong' | 'for a judge';

interface Answers {
  readonly format: string;
  /** End of the task's id. */
  readonly task: string;
  /** By default the sample's own, or ours. */
  readonly plan?: readonly PlannedCall[];
  readonly said: Said;
  readonly answers: readonly string[];
}

const garlicKept = solutions['sort_seed_lists']?.plan.filter(
  ({ arguments: args }) => args['source'] !== 'lists/garlic.txt',
);

/** Right answers in other words, and wrong ones; nothing that code cannot tell is called right, and nothing right is called wrong. */
const table: readonly Answers[] = [
  {
    format: 'live-mcp-bench',
    task: '000000000002',
    said: 'right',
    answers: [
      '3.6',
      'It lies **3.6 m** above it.',
      '3.60 metres',
      'The difference is 3.6 metres.',
      '{"answer": "3.6 m"}',
    ],
  },
  {
    format: 'live-mcp-bench',
    task: '000000000002',
    said: 'wrong',
    answers: ['', '36', '3.65', '13.6', '-3.6', 'It is not 3.6 m.', '3.6 or 3.7', 'I could not read the log.'],
  },
  { format: 'live-mcp-bench', task: '000000000001', said: 'for a judge', answers: ['', 'Written.'] },
  { format: 'live-mcp-bench', task: '000000000001', plan: [], said: 'wrong', answers: ['03:10 and 15:38', 'Written.'] },
  {
    format: 'live-mcp-bench',
    task: '000000000004',
    said: 'for a judge',
    answers: ['Nothing but its name.', 'It is blue.'],
  },
  { format: 'live-mcp-bench', task: '000000000004', said: 'wrong', answers: ['', '  '] },
  {
    format: 'mcp-atlas',
    task: '0002',
    said: 'for a judge',
    answers: ['181.25', 'About 181', 'a hundred and eighty-one', 'Oda pays 190.', 'Ida Brink pays 181.25.', '3,000'],
  },
  { format: 'mcp-atlas', task: '0002', said: 'wrong', answers: [''] },
  { format: 'mcp-bench', task: 'time_mcp_000', said: 'for a judge', answers: ['04:30', 'Half past four.', 'At noon.'] },
  { format: 'mcp-bench', task: 'time_mcp_000', plan: [], said: 'for a judge', answers: ['04:30'] },
  { format: 'mcp-bench', task: 'time_mcp_000', said: 'wrong', answers: [''] },
  { format: 'mcpmark', task: 'sort_seed_lists', said: 'right', answers: ['', 'Sorted: two for spring.'] },
  { format: 'mcpmark', task: 'sort_seed_lists', plan: garlicKept ?? [], said: 'wrong', answers: ['Sorted.'] },
  {
    format: 'bfcl',
    task: 'multi_turn_base_1',
    plan: [file('read_multiple_files', { paths: ['log.txt'] }), file('create_directory', { path: 'done/' })],
    said: 'right',
    answers: ['packed'],
  },
  {
    format: 'bfcl',
    task: 'multi_turn_base_1',
    plan: [file('write_file', { path: 'done', content: '' })],
    said: 'wrong',
    answers: ['packed'],
  },
  {
    format: 'bfcl',
    task: 'multi_turn_base_1',
    plan: [file('create_directory', { path: 'done' }), file('create_directory', { path: 'more' })],
    said: 'wrong',
    answers: ['packed'],
  },
];

describe.each(importerNames.map((format) => ({ format })))('answers to tasks of $format', ({ format }) => {
  test(
    'in other words are not refused, and wrong ones not taken',
    { skip: format === 'mcpmark' && !hasPython },
    async () => {
      const rows = table.filter((one) => one.format === format);
      expect(new Set(rows.map(({ said }) => said)).size, 'both kinds stand in the table').toBeGreaterThan(1);
      const { tasks, solutionOf } = tasksOf(await importSample(format));
      for (const { task: end, plan, said, answers } of rows) {
        const task = tasks.find(({ id }) => id.endsWith(end));
        if (!task) throw new Error(`no task ${end}`);
        const { messages: _, ...alone } = task;
        for (const answer of answers) {
          const policy = oracle(() => ({ plan: plan ?? solutionOf(task.id).plan, answer }));
          const [result] = await live({ pool, openView: toolView, policy, tasks: [alone] });
          const verdict = result?.success ? (result.success.verified ? 'right' : 'wrong') : 'for a judge';
          expect(`${result?.outcome.kind}, ${verdict}`, `${end}: ${answer}`).toBe(`terminated, ${said}`);
        }
      }
    },
  );
});

test('starting files that are no text reach the world byte by byte', { skip: !hasPython }, async () => {
  const folder = join(mkdtempSync(join(scratch, 'binary-')), 'mcpmark');
  cpSync(join(samples, 'mcpmark'), folder, { recursive: true });
  const lists = join(folder, 'test_environments/greenhouse/lists');
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe, 10]);
  writeFileSync(join(lists, 'bed.png'), bytes);
  writeFileSync(join(lists, '.DS_Store'), bytes);
  const verifier = join(folder, 'tasks/filesystem/standard/greenhouse/sort_seed_lists/verify.py');
  const program = `import os, sys
lists = os.environ["FILESYSTEM_TEST_DIR"] + "/lists/"
sys.exit(0 if open(lists + "bed.png", "rb").read() == bytes(${JSON.stringify([...bytes])}) and not os.path.exists(lists + ".DS_Store") else 1)
`;
  writeFileSync(verifier, program);
  const output = join(folder, '../tasks.yaml');
  await importTasks({ format: 'mcpmark', input: folder, output });
  const { tasks } = tasksOf(output);
  const [result] = await live({ pool, openView: toolView, policy: noOp(), tasks });
  expect(result?.success?.verified, result && story(result)).toBe(true);
  expect(JSON.stringify(result?.evidence)).toContain('[8 bytes, SHA-256');
  const made = output.replace('tasks.yaml', 'made.json');
  const tables = { id: 'a', prompt: 'p', servers: ['sqlite'], folders: { sqlite: 'mcpmark.files/environments' } };
  writeFileSync(made, JSON.stringify({ tasks: [{ ...tables, checks: [{ answer: { equals: 'x' } }] }] }));
  expect(() => readTaskFile(made)).toThrow(
    /bed\.png, which is no UTF-8 text, and server sqlite makes its files from texts/,
  );
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
