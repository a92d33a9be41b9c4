import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, processesWith } from '../envs/processes.ts';
import { start, temporaryFolder, toolstone, waitForLines } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const training = (out: string) =>
  ['train', '--suite', 'smoke', '--episodes', '20000', '--concurrency', '2', '--out', out] as const;

/** Processes of a command and of what it started, servers and supervisors included. */
function family(root: number): number[] {
  const children = processesWith('', root);
  return [root, ...children.flatMap(family)];
}

async function startTraining() {
  const out = join(temporaryFolder(), 'run');
  const { child, finished } = start(...training(out));
  await waitForLines(join(out, 'trajectories.jsonl'), 20, finished);
  const processes = family(child.pid ?? 0);
  expect(processes.length, 'the command, its supervisor and servers').toBeGreaterThan(4);
  return { out, child, finished, areGone: () => processes.every((id) => !processesWith('').includes(id)) };
}

describe('toolstone', () => {
  test.runIf(isWhole)(
    'leaves no process behind when it is killed, and its folder can be taken over',
    async () => {
      const { out, child, finished, areGone } = await startTraining();
      const second = await toolstone(...training(out));
      expect(second.code, second.stderr).toBe(2);
      expect(second.stderr).toMatch(new RegExp(`in use by process ${child.pid}. Wait for it, or give another folder`));
      child.kill('SIGKILL');
      await finished;
      expect(await eventually(areGone), 'every process gone').toBe(true);
      expect(existsSync(join(out, 'lock')), 'the lock of the dead').toBe(true);
      const next = start(...training(out));
      const going = new Promise<string>((resolve) => {
        let told = '';
        next.child.stderr?.on('data', (text: Buffer) => {
          told += text.toString();
          if (told.includes('resuming the run in')) resolve(told);
        });
        void next.finished.then(() => resolve(told));
      });
      expect(await going).toMatch(/resuming the run in/);
      next.child.kill('SIGKILL');
      await next.finished;
    },
    120_000,
  );

  test.each([['SIGINT', 2], ...(isWhole ? ([['SIGTERM', 1]] as const) : [])] as const)(
    'leaves no process behind after %s, %i times',
    async (signal, times) => {
      const { child, finished, areGone } = await startTraining();
      for (let i = 0; i < times; i++) child.kill(signal);
      const { code, stderr } = await finished;
      expect(code, stderr).toBe(130);
      expect(stderr).toMatch(/re-run the same command to resume/);
      expect(await eventually(areGone), 'every process gone').toBe(true);
    },
    120_000,
  );
});
