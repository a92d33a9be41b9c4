import { expect, test } from 'vitest';
import { threadPool } from '../../core/queue/thread-pool.ts';

/** A pool whose threads end, when they are told to, once `end` is called. */
function poolOf() {
  const stopped = Promise.withResolvers<void>();
  let started = 0;
  const pool = threadPool({
    startWorker: () => {
      started += 1;
      return { run: () => Promise.reject(new Error('interrupted')), stop: () => stopped.promise };
    },
  });
  return { pool, end: stopped.resolve, started: () => started };
}

test('a pool that is stopped waits for its threads, also for one that is being stopped already, and lends none after', async () => {
  const { pool, end, started } = poolOf();
  const broken = pool.use(() => Promise.reject(new Error('a fault')));
  await Promise.resolve();
  let isOver = false;
  const over = pool.stop().then(() => (isOver = true));
  await expect(pool.use(async () => undefined)).rejects.toThrow('begins no more work');
  await new Promise((resolve) => setImmediate(resolve));
  expect([isOver, started()]).toEqual([false, 1]);
  end();
  await over;
  await expect(broken).rejects.toThrow('a fault');
});

test('a thread is lent again once its work is done, and not where the work has broken', async () => {
  const { pool, end, started } = poolOf();
  end();
  await pool.use(async () => undefined);
  await pool.use(async () => undefined);
  expect(started()).toBe(1);
  await expect(pool.use(() => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault');
  await pool.use(async () => undefined);
  expect(started()).toBe(2);
});
