/** What a run by a queue survives; skipped where `redis-server` is not installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { said } from '../queue/queued-run.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, start, temporaryFolder, toolstoneProcess, waitForLines } from './toolstone.ts';

const minutes = 60_000;
const mostKills = 6;
const played = ['run', '--policy', 'oracle', 'no-op', '--suite', 'micro', '--limit', '12'] as const;

const startWorker = (address: string) => {
  const worker = start('worker', address, '--concurrency', '1');
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  return worker;
};

const linesOf = (run: string): string[] => readFileSync(join(run, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');

test.runIf(hasRedis && isWhole)(
  'workers that are killed again and again, a Redis that is, and a coordinator that is: no episode is lost, none is twice',
  async () => {
    const folder = temporaryFolder();
    const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
    const reference = await toolstoneProcess(...played, '--out', whole);
    expect(reference.code, reference.stderr).toBe(0);
    const redis = await startRedis();
    const asked = [...played, '--out', out, '--queue', redis.address, '--batch', '3'] as const;
    const trajectories = join(out, 'trajectories.jsonl');

    // Always two workers; whoever has begun to play is killed soon after, whatever it is at, and most pieces so more than once.
    let kills = 0;
    const over = Promise.withResolvers<void>();
    const end = { isOver: false };
    const killed = [0, 1].map(async (one) => {
      for (let turn = 0; !end.isOver; turn++) {
        const worker = startWorker(redis.address);
        await Promise.race([said(worker.child, 'Playing the run'), worker.finished, over.promise]);
        await delay(500 + (((turn * 2 + one) * 1_237) % 3_000));
        // One that met no Redis, since that was being restarted, has ended by itself.
        if (worker.child.exitCode !== null && !end.isOver) continue;
        if (end.isOver) return;
        // The last ones play to the end.
        if (kills === mostKills) {
          await Promise.race([worker.finished, over.promise]);
          continue;
        }
        kills += 1;
        worker.child.kill('SIGKILL');
      }
    });

    const first = start(...asked);
    await waitForLines(trajectories, 4, first.finished);
    await redis.restart();
    await waitForLines(trajectories, 8, first.finished);
    first.child.kill('SIGKILL');
    expect((await first.finished).signal).toBe('SIGKILL');
    const second = await start(...asked).finished;
    end.isOver = true;
    over.resolve();
    await Promise.all(killed);
    expect(second.code, second.stderr).toBe(0);
    expect(kills).toBeGreaterThan(2);
    expect(second.stderr).toContain('resuming the run');
    expect(linesOf(out)).toHaveLength(24);
    expect(digests(out)).toEqual(digests(whole));
  },
  20 * minutes,
);

test.runIf(hasRedis && isWhole)(
  'a second coordinator is refused by the name of the first; a worker that is told to stop gives its work back',
  async () => {
    const folder = temporaryFolder();
    const redis = await startRedis();
    const asked = (name: string) => [...played, '--out', join(folder, name), '--queue', redis.address] as const;
    const first = start(...asked('first'));
    await said(first.child, 'Workers play this run');
    const second = await start(...asked('second')).finished;
    expect([second.code, second.stderr]).toEqual([
      2,
      expect.stringMatching(/belongs to the run run-oracle-no-op-tool of process \d+.*another database/s),
    ]);
    const worker = startWorker(redis.address);
    await said(worker.child, 'Playing the run');
    worker.child.kill('SIGTERM');
    const stopped = await worker.finished;
    expect([stopped.code, stopped.stderr]).toEqual([0, expect.stringContaining('other workers play')]);
    startWorker(redis.address);
    const { code, stderr } = await first.finished;
    expect(code, stderr).toBe(0);
    expect(linesOf(join(folder, 'first'))).toHaveLength(24);
  },
  20 * minutes,
);
