import { createHash } from 'node:crypto';
import { TaskFailure, WorldDamage, WorldFailure } from '../core/errors.ts';
import type { World, WorldParameters } from '../core/types.ts';

/**
 * A reset world after its set-up calls. Where one of them fails, the world says so to whoever asks anything of it: a task
 * that cannot be set up is nobody's failure but the task's.
 */
export async function setUp(world: World, calls: NonNullable<WorldParameters['setUp']>): Promise<World> {
  try {
    for (const [index, { server, tool, arguments: args }] of calls.entries()) {
      const { text, isError } = await world.call(server, tool, args);
      if (isError) throw new TaskFailure(`set-up call ${index + 1} (${server}.${tool}) failed: ${text}`);
    }
    const start = await world.evidence();
    const startHash = createHash('sha256')
      .update(world.startHash + JSON.stringify(start))
      .digest('hex');
    return { ...world, start, startHash };
  } catch (error) {
    if (error instanceof WorldDamage)
      return brokenWorld(world, new TaskFailure(`set-up left a world that cannot be read: ${error.message}`));
    if (!(error instanceof TaskFailure || error instanceof WorldFailure)) throw error;
    return brokenWorld(world, error);
  }
}

function brokenWorld(world: World, fault: Error): World {
  const refuse = () => Promise.reject(fault);
  return { ...world, fault, call: refuse, evidence: refuse, inspect: refuse };
}
