import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { World, WorldPool } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { eventually } from '../envs/processes.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { served, solution } from './served.ts';
import { cacheFolder } from '../../envs/world-places.ts';

const base = join(cacheFolder(), 'python');
const isInstalled = existsSync(join(base, 'ready-client'));
const script = fileURLToPath(new URL('ors_client.py', import.meta.url));

function start(scenario: string, url: string, given?: unknown) {
  const args = [script, scenario, url, ...(given === undefined ? [] : [JSON.stringify(given)])];
  const child: ChildProcess = spawn(join(base, 'bin', 'python'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [said, faults] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (faults += chunk.toString()));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(said)));
  return { child, ended, said: () => said, faults: () => faults };
}

/** What a scenario saw. */
async function run(scenario: string, url: string, given?: unknown): Promise<Record<string, never>> {
  const { ended, faults } = start(scenario, url, given);
  const said = await ended;
  if (said === '') throw new Error(faults());
  return JSON.parse(said) as Record<string, never>;
}

const title = 'the official client and TRL, unmodified';
if (!isInstalled)
  test.skip(`${title}, on a server of ours (absent; add them with: finetune/trl/setup.sh)`, () => undefined);
else if (!isLive) test.skip(`${title}, on a server of ours ${howToRun}`, () => undefined);

describe.skipIf(!isInstalled || !isLive)(title, { timeout: 120_000 }, () => {
  let pool: WorldPool;
  beforeAll(() => {
    pool = openWorldPool({ lanes: 8 });
  });
  afterAll(() => pool.dispose());

  test('the client finds all that it asks for, and every mistake has its words', async () => {
    const server = await served({ pool });
    const tasks = server.suite.tasks('test', 2);
    const seen = await run('contract', server.url, tasks.map(solution));
    expect(seen).toMatchObject({
      splits: server.suite.splits,
      same_splits: true,
      num_tasks: 12,
      range: [10, 11],
      all: 12,
      spec: { task_id: tasks[1]?.id, split: 'test', index: 1 },
      tools: ['list_servers', 'list_tools', 'load_tools', 'call_tool', 'finish'],
      terminal: 'leave_unfinished',
      groups: false,
      unknown_split: { raised: 'SessionResponseError', words: expect.stringContaining('There is no split "dev"') },
      unknown_index: { words: expect.stringContaining('Split test has no task 99') },
      unknown_environment: { words: expect.stringContaining('There is no environment "attic"') },
      prompt: [expect.stringMatching(/^You carry out tasks/), tasks[1]?.prompt],
      messages: ['system', 'user'],
      version: { version: '0' },
      late: { raised: 'ToolCallError', words: expect.stringContaining('episode_finished: The episode is over') },
      scored: { raised: 'ScoreGroupUnsupported' },
      wrong: { text: expect.stringContaining('There is no server "attic"'), metadata: { is_error: true } },
      still_alive: { finished: false, reward: null },
      left: { reward: 0, finished: true, metadata: { cause: 'left' } },
    });
    const solved = seen['solved'] as unknown as { reward: number | null; finished: boolean }[];
    expect(solved.map(({ reward }) => reward)).toEqual([...solved.slice(1).map(() => null), 1]);
    const kept = JSON.stringify([server.trajectories(), server.told]);
    expect(kept).not.toContain('hush-hush');
    expect(server.counts()).toMatchObject({ open: 0, running: 0, opened: 2, recorded: 2 });
  });

  test('TRL makes dataset, tools and eight episodes at once; rewards are 1, 0, and none for what was left', async () => {
    const server = await served({ pool });
    const tasks = server.suite.tasks('test', 8);
    const seen = await run('trl', server.url, tasks.map(solution));
    expect(seen).toMatchObject({
      columns: expect.arrayContaining(['prompt', 'task_index', 'task_id', 'seed', 'family']),
      bound: expect.arrayContaining(['call_tool', 'finish', 'list_servers', 'list_tools', 'load_tools']),
      full: { words: expect.stringContaining('All 8 episodes that this server runs at a time are running') },
      rewards: [1, 1, 1, 1, 1, 1, 0, null],
      rewards_after: [1, 1, 1, 1, 1, 0, null],
      late: expect.stringContaining('Error: episode_finished'),
      left: { finished: true, metadata: { outcome: 'truncated', cause: 'left' } },
      same_prompt: true,
    });
    const prompts = seen['prompts'] as unknown as string[];
    prompts.forEach((prompt, index) => expect(prompt.endsWith(`\n${tasks[index]?.prompt}`)).toBe(true));
    expect(seen['criteria']).toEqual([12, 12, 12, 12, 12, 12, 12, 0]);
    expect(server.counts()).toMatchObject({ open: 0, running: 0, void: 0 });
    // The look at the tools is no episode; the one that was opened again and closed is.
    expect(server.trajectories().map(({ outcome }) => outcome.kind === 'truncated')).toEqual(
      expect.arrayContaining([false, true]),
    );
    expect(server.trajectories().length).toBe(9);
  });

  test('what breaks on the way runs once, and a tool that is silent for 35 s is waited for', async () => {
    const kinds = ['cut-before', 'cut-after-id', 'silent-after-id', 'busy', 'failing', 'silent-tool'];
    const calls: string[] = [];
    const call = (world: World): World['call'] => {
      return async (server, tool, args) => {
        const [entity] = args['entities'] as unknown as { name: string }[];
        calls.push(entity?.name ?? '');
        // The official client asks again after 30 s without any sign, heartbeats being one.
        await new Promise((resolve) => setTimeout(resolve, entity?.name === 'silent-tool' ? 35_000 : 300));
        return world.call(server, tool, args);
      };
    };
    const use: WorldPool['use'] = (parameters, seed, work) =>
      pool.use(parameters, seed, (world) => work({ ...world, call: call(world) }));
    const server = await served({ pool: { ...pool, use } });
    const proxy = await cuttingProxy(server.url);
    const seen = await run('faults', proxy.url, kinds);
    for (const kind of kinds.filter((one) => one !== 'failing')) {
      expect(seen[kind], kind).toMatchObject({
        calls: [
          { finished: false, metadata: { turn: 1, is_error: false } },
          { finished: false, metadata: { turn: 2 } },
        ],
      });
    }
    expect(seen['failing']).toMatchObject({
      calls: [{ raised: 'SessionResponseError', words: expect.stringContaining('broken') }, { metadata: { turn: 1 } }],
    });
    for (const kind of ['silent-after-id', 'silent-tool']) {
      expect((seen[kind] as unknown as { seconds: number }).seconds, kind).toBeGreaterThan(30);
    }
    expect(proxy.requests('silent-after-id'), 'asked again after 30 s').toBe(4);
    expect(proxy.requests('silent-tool'), 'heartbeats heard').toBe(3);
    const made = kinds.filter((one) => one !== 'failing');
    expect(calls.toSorted(), 'calls made').toEqual(made.toSorted());
  });

  test('of a killed trainer nothing is left after the stated time', async () => {
    let disposed = 0;
    const server = await served({
      // Longer than a busy machine takes to open four sessions, shorter than the client's ten seconds between pings.
      unheardSeconds: 8,
      openPool: (lanes) => {
        const own = openWorldPool({ lanes });
        return { ...own, dispose: () => own.dispose().then(() => void disposed++) };
      },
    });
    const trainer = start('doomed', server.url, 4);
    expect(await eventually(() => trainer.said() !== '', 60_000), trainer.faults()).toBe(true);
    expect(server.counts()).toMatchObject({ open: 4, running: 4 });
    trainer.child.kill('SIGKILL');
    await trainer.ended;
    expect(await eventually(() => server.counts().open === 0, 30_000)).toBe(true);
    expect(server.counts()).toMatchObject({ running: 0, unheard: 4, recorded: 4, void: 4 });
    expect(await eventually(() => disposed === 1, 30_000), 'worlds put away').toBe(true);
  });

  test('the client sends the token', async () => {
    const server = await served({ pool, token: 'open sesame' });
    const seen = await run('token', server.url, 'open sesame');
    expect(seen).toMatchObject({
      wrong: { raised: 'AuthenticationError', words: expect.stringContaining('The token is missing or wrong') },
      right: server.suite.splits,
      finish: { reward: 0, finished: true },
    });
  });
});
