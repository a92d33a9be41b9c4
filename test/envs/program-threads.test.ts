import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import { programLimits } from '../../envs/programs/limits.ts';
import { openSandbox } from '../../envs/programs/sandbox.ts';

const started = vi.hoisted((): Worker[] => []);
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>();
  class SeenWorker extends real.Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      started.push(this);
    }
  }
  return { ...real, Worker: SeenWorker };
});
afterEach(() => void (started.length = 0));

const { signal } = new AbortController();
const none = async () => [];
/** Threads are kept by their limits: nobody else gets those of this test. */
const openOwn = (change: Partial<typeof programLimits> = {}) => {
  const limits = { ...programLimits, ...change };
  return () => openSandbox({ seed: 1, servers: ['fs'], limits });
};

/** Breaks a thread down as an error inside it does. */
async function breakDown(worker: Worker | undefined): Promise<void> {
  if (!worker) throw new Error('no thread was started');
  worker.emit('error', new Error('planted'));
  await worker.terminate();
}

test('a thread that ends while it waits for an episode is given to nobody', async () => {
  const open = openOwn();
  open().close();
  await breakDown(started[0]);
  const sandbox = open();
  expect((await sandbox.run('return 1', none, signal)).said).toBe('1');
  expect(started).toHaveLength(2);
  sandbox.close();
});

test('one that ends between two programs gives way to another, and what is lost with it is told', async () => {
  const sandbox = openOwn()();
  await sandbox.run('const kept = 3, lost = () => 1', none, signal);
  await breakDown(started[0]);
  const end = await sandbox.run('return kept', none, signal);
  expect(end.said).toBe('3');
  expect(end.notes.join()).toContain('started anew before this program');
  expect(end.notes.join()).toContain('but for lost, lost since no JSON says what it was');
  expect((await sandbox.run('return kept', none, signal)).notes).toEqual([]);
  sandbox.close();
});

test('one that ends during a program, or during its calls, breaks the world at once', async () => {
  const sandbox = openOwn()();
  const looping = sandbox.run('while (true);', none, signal);
  void breakDown(started[0]);
  await expect(looping).rejects.toThrow(WorldFailure);
  const calling = sandbox.run(
    'return await fs.read({})',
    async () => {
      await breakDown(started[1]);
      return [{ isOk: true, json: '1' }];
    },
    signal,
  );
  await expect(calling).rejects.toThrow('the sandbox of programs broke down (planted)');
  expect((await sandbox.run('return 2', none, signal)).said).toBe('2');
  sandbox.close();
});

test('where no interpreter can be made, the program is told at once, and nobody is brought down', async () => {
  const sandbox = openOwn({ memoryPages: 1_000_000 })();
  await expect(sandbox.run('return 1', none, signal)).rejects.toThrow(WorldFailure);
  sandbox.close();
});
