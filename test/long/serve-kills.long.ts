import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { keyText } from '../../core/trajectory.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { open } from '../finetune/served.ts';
import { startServe } from './serve.ts';
import { drawsOf, scaled, tell } from './scale.ts';

/** Finishes sessions one after the other until the server is gone; returns how many were told that they are finished. */
async function finishUntilGone(
  server: Awaited<ReturnType<typeof startServe>>['server'],
  onFinished: () => void,
): Promise<number> {
  for (let finished = 0; ; finished++) {
    try {
      const session = await open(server, 'test', finished % 12);
      const { finished: isFinished } = await session.call('finish', {});
      if (!isFinished) return finished;
      onFinished();
    } catch {
      return finished;
    }
  }
}

test('`serve`, killed at random moments, has recorded every session that it called finished, each once', async () => {
  const draws = drawsOf('serve-kills');
  const out = join(temporaryFolder(), 'run');
  const kills = scaled(20);
  let finishedSessions = 0;
  for (let kill = 0; kill < kills; kill++) {
    const { child, finished, server } = await startServe(out);
    // After some have finished, at any moment of those that follow: however slow the machine, something was there to lose.
    let wanted = 1 + draws.below(20);
    const enough = Promise.withResolvers<void>();
    const onFinished = () => (--wanted === 0 ? enough.resolve() : undefined);
    const counts = [0, 1, 2].map(() => finishUntilGone(server, onFinished));
    await enough.promise;
    await new Promise((resolve) => setTimeout(resolve, 300 * draws.uniform()));
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
    for (const count of await Promise.all(counts)) finishedSessions += count;
  }
  const { child, finished } = await startServe(out);
  child.kill('SIGINT');
  expect((await finished).code).toBe(0);
  const lines = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
  const keys = lines.map((line) => keyText((JSON.parse(line) as ScoredTrajectory).key));
  expect(new Set(keys).size, 'each once').toBe(keys.length);
  // One that was killed between its record and its answer is there, and was not told.
  expect(keys.length).toBeGreaterThanOrEqual(finishedSessions);
  tell(
    'serve-kills',
    `${kills} kills, ${finishedSessions} sessions told that they are finished, ${keys.length} recorded, none twice`,
  );
});
