import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { eventually, processesWith, worldsOf } from './processes.ts';

const PARENT = fileURLToPath(new URL('./forgetful-parent.ts', import.meta.url));

const HELPERS = /supervisor-child|clock\.cjs|server-memory|obsidian/;

/** Child processes of a parent that were started for a world, and the world folder they work in. */
function startedBy(parent: number, before: readonly number[]) {
  const processes = processesWith('', parent).filter((id) => !before.includes(id));
  const lines = processes.map((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8'));
  return { processes: processes.filter((_, index) => HELPERS.test(lines[index] ?? '')), folder: worldsOf(processes) };
}

async function startParent() {
  const parent = spawn(process.execPath, [PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  return parent;
}

const isGone = (ids: readonly number[]) => ids.every((id) => !processesWith('').includes(id));

async function expectGone(processes: readonly number[], folder: string): Promise<void> {
  expect(await eventually(() => isGone(processes))).toBe(true);
  expect(await eventually(() => !existsSync(folder))).toBe(true);
}

describe('children', () => {
  test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('are gone after %s of the parent', async (signal) => {
    const parent = await startParent();
    const { processes, folder } = startedBy(parent.pid ?? 0, []);
    expect(processes).toHaveLength(3); // two servers and the supervisor
    expect(existsSync(folder)).toBe(true);
    parent.kill(signal);
    await expectGone(processes, folder);
  });

  test('are gone after a worker thread that used a world is terminated', async () => {
    const before = processesWith('', process.pid);
    const worker = new Worker(PARENT, { stdout: true, execArgv: [] });
    await new Promise((resolve) => worker.stdout.once('data', resolve));
    const { processes, folder } = startedBy(process.pid, before);
    expect(processes).toHaveLength(3);
    await worker.terminate();
    await expectGone(processes, folder);
  });
});
