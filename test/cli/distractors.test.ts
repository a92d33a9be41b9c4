import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { amongDistractors } from '../../commands/shared/distractors.ts';
import type { Distractors } from '../../core/distractor-types.ts';
import readRun, { readManifest } from '../../core/record/read-run.ts';
import { splits } from '../../core/splits.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Action, Policy, Suite, Task } from '../../core/types.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { verify } from '../../judges/truth/verifier.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { withDistractors } from '../../suites/tasks/with-distractors.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';
import { live, story } from '../suites/live-worlds.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const among = (suite: Suite, asked: string): Suite =>
  amongDistractors(suite, new Set(suite.splits), readRequest(asked));

test('a suite without --tools is the very same', async () => {
  const micro = await suiteNamed('micro');
  expect(amongDistractors(micro, new Set(micro.splits), undefined)).toBe(micro);
});

describe.each(suiteNames())('suite %s', (name) => {
  test('never has a server of its own, nor of its held-out split, among its distractors', async () => {
    const suite = await suiteNamed(name);
    const own = new Set([...suite.servers, ...suite.heldOutServers]);
    const { distractors } = among(suite, '900');
    for (const set of distractors?.sets ?? []) {
      expect(set.tools).toBeGreaterThanOrEqual(900);
      expect(set.servers.filter((server) => own.has(server))).toHaveLength(set.own.length);
      expect(set.servers).toEqual(expect.arrayContaining([...set.own]));
    }
  });

  test('has distractors around every task of every split', async () => {
    const suite = await suiteNamed(name);
    const played = among(suite, '900');
    for (const split of splits.filter((one) => suite.splits.includes(one))) {
      const [task] = played.tasks(split, 1) as [Task];
      const [before] = suite.tasks(split, 1) as [Task];
      expect(task.world.servers.length, split).toBeGreaterThan(before.world.servers.length);
      expect({ id: task.id, prompt: task.prompt, plan: task.plan, rubric: task.rubric }).toEqual({
        id: before.id,
        prompt: before.prompt,
        plan: before.plan,
        rubric: before.rubric,
      });
    }
  });
});

/** Drawn by hand: one stateful server of the catalogue, and a listed one. */
const byHand: Distractors = {
  asked: 'by hand',
  sets: [
    {
      own: ['filesystem', 'memory'],
      servers: ['github', 'filesystem', 'memory-bank', 'memory'],
      tools: 0,
      listedTools: 0,
      nearTools: 0,
      clashingTools: 0,
    },
  ],
};

/** Does what the task asks for, and before it calls one tool of another server. */
function strayingInto(tasks: readonly Task[], server: string, tool: string, args: object): Policy {
  const inner = oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });
  const stray = [
    { name: 'load_tools', arguments: { server, tools: [tool] } },
    { name: 'call_tool', arguments: { server, tool, arguments: args } },
  ] as unknown as readonly Action[];
  return {
    name: 'straying',
    start: (episode) => {
      const session = inner.start(episode);
      const left = [...stray];
      return {
        act: (observations, user) => {
          const action = left.shift();
          return action ? { calls: [{ action }] } : session.act(left.length === 0 ? observations : [], user);
        },
      };
    },
  };
}

test('among distractors the oracle solves tasks, a listed server does no harm, and a changed distractor is damage', async () => {
  const suite = withDistractors(await suiteNamed('micro'), byHand);
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const tasks = suite.tasks('test', 2);
  const solution = (id: string) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' };
  const play = (policy: Policy) => live({ pool, openView: toolView, policy, tasks });
  for (const played of await play(oracle(solution))) expect(played.success?.verified, story(played)).toBe(true);
  for (const played of await play(strayingInto(tasks, 'github', 'list_issues', { owner: 'a', repo: 'b' }))) {
    expect(played.success?.verified, story(played)).toBe(true);
    expect(played.turns[1]?.calls[0]?.observation).toMatchObject({ text: 'fetch failed', isError: true });
  }
  const write = { projectName: 'p', fileName: 'f.md', content: 'x' };
  for (const played of await play(strayingInto(tasks, 'memory-bank', 'memory_bank_write', write))) {
    expect(played.success?.verified, story(played)).toBe(false);
    // As the suite is made again from the run's manifest.
    const manifest = { suite: 'micro', distractors: byHand, jobs: [] } as unknown as Manifest;
    const recorded = (await recordedSuite(manifest)).tasks('test', 2).find(({ id }) => id === played.task.id) as Task;
    expect(verify(recorded, played)).toEqual(played.success);
  }
});

/** A client's file with one server of its own, and one that is called like a server of the suite. */
const poolFolder = mkdtempSync(join(tmpdir(), 'toolstone-pool-'));
afterAll(() => rmSync(poolFolder, { recursive: true, force: true }));
const ownPool = join(poolFolder, 'mcp.json');
const script = fileURLToPath(new URL('../envs/evaluating-server.ts', import.meta.url));
const mcpServers = { evaluator: { command: process.execPath, args: [script] }, memory: { command: 'false' } };
writeFileSync(ownPool, JSON.stringify({ mcpServers }));

describe('servers of a client’s file', () => {
  test('are offered beside those of the suite and can be called; those of the suite’s names are left out', async () => {
    const asked = { ...readRequest('24'), pool: ownPool };
    const suite = amongDistractors(await suiteNamed('micro'), new Set(['test']), asked);
    const [set] = suite.distractors?.sets ?? [];
    expect(set?.servers.toSorted()).toEqual(['evaluator', 'filesystem', 'memory']);
    expect(set).toMatchObject({ tools: 24, listedTools: 0 });
    expect(suite.distractors?.facts).toEqual({ evaluator: [] });
    const pool = openWorldPool({ lanes: 1 });
    onTestFinished(() => pool.dispose());
    const [task] = suite.tasks('test', 1) as [Task];
    const text = await pool.use(
      task.world,
      1,
      async ({ call }) => (await call('evaluator', 'evaluate', { code: '6 * 7' })).text,
    );
    expect(text).toBe('42');
  });

  test('are said to be too few', async () => {
    const asked = { ...readRequest('300'), pool: ownPool };
    const micro = await suiteNamed('micro');
    expect(() => amongDistractors(micro, new Set(['test']), asked)).toThrow(
      "--tools asks for 300 tools, and there are 24 at most, the 23 of the task's own servers included. Give that or fewer.",
    );
  });
});

describe('toolstone run --tools', { timeout: 180_000 }, () => {
  test('plays every policy among the same tools, and says so in manifest, tables, page and terminal', async () => {
    const out = join(temporaryFolder(), 'run');
    const flags = ['--suite', 'micro', '--limit', '2', '--tools', '120?near=0.2', '--out', out];
    const { code, stderr } = await toolstone('run', '--policy', 'oracle', 'retrieval', ...flags);
    expect(code, stderr).toBe(0);
    const { distractors, servers } = readManifest(out);
    expect(distractors?.asked).toBe('120?near=0.2');
    const [set, ...more] = distractors?.sets ?? [];
    expect(more).toEqual([]);
    expect(set?.tools).toBeGreaterThanOrEqual(120);
    expect(Object.keys(servers).filter((name) => servers[name]?.listed).length).toBeGreaterThan(0);
    expect(Object.keys(servers)).toEqual(expect.arrayContaining([...(set?.servers ?? [])]));
    const note = `Every task is played among ${set?.tools} tools of ${set?.servers.length} servers`;
    expect(stderr).toContain(note);
    const listed = `${set?.listedTools} of ${set?.tools} tools are of listed servers: a call to them is answered as by an unreachable server.`;
    for (const file of ['report.html', 'tables/notes.md', 'tables/views.md']) {
      const text = readFileSync(join(out, file), 'utf8');
      expect(text, file).toContain(note);
      expect(text, file).toContain(listed);
    }
    const run = readRun(out);
    expect(run.episodes.filter(({ job }) => job.startsWith('oracle')).every(({ success }) => success?.verified)).toBe(
      true,
    );
    // Records name no distractor: prompts do, once for all.
    const records = readFileSync(join(out, 'trajectories.jsonl'), 'utf8');
    expect(records).not.toContain('"listed"');
    const prompt = [...run.systems.values()][0] ?? '';
    for (const name of set?.servers ?? []) expect(prompt).toContain(`- ${name}: `);
    expect(prompt.indexOf('- filesystem:')).not.toBe(prompt.indexOf('- '));
    expect((await toolstone('report', out)).code).toBe(0);
  });

  test.each([
    [
      ['--tools', '9'],
      "--tools asks for 9 tools, and the task's own servers (filesystem, memory) have 23 already. Give at least that.",
    ],
    [['--tools', '99999'], '--tools asks for 99999 tools, and there are '],
    [['--tools', 'all'], '--tools all: "all" is no number of tools.'],
    [['--pool', 'mcp.json'], '--pool says where added servers come from: say how many tools with --tools.'],
    [['--tools', '30', '--pool', 'nowhere.json'], 'nowhere.json'],
  ])('%j is wrong use, and says how it is right', async (flags, words) => {
    const { code, stderr } = await toolstone('run', '--policy', 'oracle', '--suite', 'micro', '--limit', '1', ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

/** Two tasks on servers of their own, one of them listed. */
const ownTasks = `name: reached
tasks:
  - id: try
    prompt: Ask GitHub for the issues of a/b, and write "down" into down.txt where it cannot be reached.
    servers: [filesystem, github]
    checks:
      - file: { server: filesystem, path: down.txt }
        equals: down
    plan:
      - { server: filesystem, tool: write_file, arguments: { path: /world/filesystem/down.txt, content: down } }
  - id: sum
    prompt: How much is 6 times 7?
    servers: [calc]
    checks: [{ answer: { number: 42 } }]
    plan: [{ server: calc, tool: math, arguments: { expression: 6*7 } }]
    answer: '42'
`;

test('own tasks name listed servers, and each is played among distractors of its own', async () => {
  const file = join(temporaryFolder(), 'tasks.yaml');
  writeFileSync(file, ownTasks);
  const { distractors, servers } = among(await suiteNamed({ file }), '60');
  expect(servers).toEqual(['filesystem', 'github', 'calc']);
  expect(distractors?.sets.map(({ own }) => own)).toEqual([['filesystem', 'github'], ['calc']]);
  for (const set of distractors?.sets ?? []) {
    expect(set.tools).toBeGreaterThanOrEqual(60);
    // What another task of the file needs is nobody's distractor.
    for (const name of servers) expect(set.servers.includes(name)).toBe(set.own.includes(name));
  }
});

test('toolstone servers install says of a listed server that comes along what it is', async () => {
  const { code, stdout, stderr } = await toolstone('servers', 'install', 'github');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^The server github is listed and not run: 26 tools of .* in .*github\.json\.br\.$/m);
});

test('toolstone context counts a toolspace with distractors, and listed servers by name', async () => {
  const { code, stdout, stderr } = await toolstone('context', 'github', 'slack', '--tools', '60', '--json');
  expect(code, stderr).toBe(0);
  const { servers } = JSON.parse(stdout) as {
    readonly servers: readonly { readonly name: string; readonly tools: readonly object[] }[];
  };
  expect(servers.flatMap(({ tools }) => tools).length).toBeGreaterThanOrEqual(60);
  expect(servers.map(({ name }) => name)).toEqual(expect.arrayContaining(['github', 'slack']));
});
