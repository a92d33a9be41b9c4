import { expect, onTestFinished, test } from 'vitest';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { OFFERED_EVERYWHERE } from './offered-servers.ts';
import { processesWith } from './processes.ts';

test('a server starts at its first call only: of all that are offered, two that are called hold two processes', async () => {
  const parameters = { servers: OFFERED_EVERYWHERE, files: {} };
  expect(parameters.servers.length).toBeGreaterThan(12);
  toolspaceOf(parameters.servers);
  const pool = openWorldPool({ lanes: 1, level: 'arguments' });
  onTestFinished(() => pool.dispose());
  const before = processesWith('', process.pid);
  const started = () => processesWith('', process.pid).filter((id) => !before.includes(id)).length;
  for (const seed of [1, 2])
    await pool.use(parameters, seed, async ({ call, evidence }) => {
      // Those of the first episode are still there in the second.
      const kept = seed === 1 ? 0 : 2;
      expect(started()).toBe(kept);
      await call('calc', 'random', { type: 'uuid' });
      expect(started()).toBe(Math.max(1, kept));
      await call('memory', 'read_graph', {});
      await call('calc', 'random', { type: 'uuid' });
      await evidence();
      expect(started()).toBe(2);
    });
});
