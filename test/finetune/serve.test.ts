import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { eventually, processesWith, worldsOf } from '../envs/processes.ts';
import { open, solution } from './served.ts';
import { isWhole } from '../whole.ts';

const entry = fileURLToPath(new URL('serve-child.ts', import.meta.url));

/** A server in a process of its own, killed after the test if it still runs. */
async function start(folder: string, ...more: readonly string[]) {
  const child = spawn(process.execPath, [entry, folder, ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const isUp = await eventually(() => said.includes('Ctrl-C stops') || child.exitCode !== null, 20_000);
  expect(isUp, said).toBe(true);
  const url = /at (http:\S+),/.exec(said)?.[1] ?? '';
  const server = { url, counts: () => ({}) as never, close: async () => undefined };
  return { child, ended, server, said: () => said };
}

const family = (root: number): number[] => [root, ...processesWith('', root).flatMap(family)];

const signals = [
  ['SIGINT', true],
  ['SIGTERM', false],
] as const;
test.each(isWhole ? signals : signals.slice(0, 1))(
  '%s in mid-episode leaves no process and no folder of worlds, and what was finished can be reported',
  async (signal, isAskedTwice) => {
    const folder = join(temporaryFolder(), 'run');
    const { child, ended, server, said } = await start(folder);
    const [task] = (await suiteNamed('smoke')).tasks('test', 1);
    const [done, half] = [await open(server, 'test', 0), await open(server, 'train', 0)];
    for (const [name, input] of task ? solution(task) : []) await done.call(name, input);
    await half.call('list_servers', {});
    if (isAskedTwice) {
      const second = await start(folder);
      expect(await second.ended).toBe(2);
      expect(second.said()).toMatch(new RegExp(`in use by process ${child.pid}`));
    }
    const processes = family(child.pid ?? 0);
    expect(processes.length, 'the server, its supervisor, MCP servers').toBeGreaterThan(2);
    const worlds = worldsOf(processes);
    expect(existsSync(worlds), worlds).toBe(true);
    child.kill(signal);
    expect(await ended, said()).toBe(0);
    expect(said()).toContain('2 sessions, 1 episodes recorded, 0 of them void');
    expect(await eventually(() => processes.every((id) => !processesWith('').includes(id)))).toBe(true);
    expect(existsSync(worlds)).toBe(false);

    const run = readRun(folder);
    expect(run.episodes.map(({ phase, success }) => [phase, success?.verified])).toEqual([['test', true]]);
    expect(run.systems.size).toBe(1);
    expect(run.chain.kind, 'the server ended well').toBe('sealed');
    expect(run.timings).toMatchObject([{ phase: 'test', episodes: 1 }]);
    const report = await toolstone('report', folder);
    expect(report.code, report.stderr).toBe(0);
    expect(report.stdout).toMatch(/remote .*test.*1/);
  },
  120_000,
);

test.runIf(isWhole)(
  'a server on the folder of an earlier one goes on numbering',
  async () => {
    const folder = join(temporaryFolder(), 'run');
    for (const repetition of [0, 1]) {
      const { child, ended, server } = await start(folder);
      await (await open(server, 'test', 0)).call('finish', {});
      child.kill('SIGINT');
      expect(await ended).toBe(0);
      const run = readRun(folder);
      expect(run.episodes.map((episode) => episode.repetition)).toContain(repetition);
      expect(run.chain.kind).toBe('sealed');
    }
    expect(readFileSync(join(folder, 'systems.jsonl'), 'utf8').trim().split('\n').length).toBe(1);
  },
  120_000,
);

test('a killed server leaves no process, and a port that is taken is told', async () => {
  const { child, ended, server } = await start(join(temporaryFolder(), 'run'));
  const other = await start(join(temporaryFolder(), 'other'), new URL(server.url).port);
  expect(await other.ended).toBe(2);
  expect(other.said()).toMatch(/is taken. Give another with --port/);
  const session = await open(server, 'test', 0);
  await session.call('load_tools', { server: 'memory', tools: ['read_graph'] });
  await session.call('call_tool', { server: 'memory', tool: 'read_graph', arguments: {} });
  const processes = family(child.pid ?? 0);
  expect(processes.length).toBeGreaterThan(2);
  child.kill('SIGKILL');
  await ended;
  expect(await eventually(() => processes.every((id) => !processesWith('').includes(id)))).toBe(true);
}, 120_000);
