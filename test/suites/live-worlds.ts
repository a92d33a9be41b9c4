import { callsOf, type Trajectory } from '../../core/trajectory.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Limits } from '../../core/run-types.ts';
import { rollout } from '../../core/run/rollout.ts';
import { seedOf } from '../../core/seeds.ts';
import type { OpenView, Policy, Task, WorldPool } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';

export interface LiveOptions {
  readonly pool: WorldPool;
  readonly openView: OpenView;
  readonly policy: Policy;
  readonly tasks: readonly Task[];
  readonly limits?: Limits;
}

/** Rolls a policy out over tasks in real worlds and scores what came of it, in the order of the tasks. */
export async function live({ pool, openView, policy, tasks, limits = defaultLimits }: LiveOptions) {
  const { signal } = new AbortController();
  const one = async (task: Task) => {
    const { trajectory } = await pool.use(task.world, seedOf('world', task.id), (world) =>
      rollout({
        task,
        policy,
        policyVersion: 0,
        world,
        openView,
        toolNamesUpFront: true,
        limits,
        key: { job: 'test', phase: task.split, task: task.id, repetition: 0 },
        seed: seedOf('policy', task.id),
        signal,
      }),
    );
    return { task, ...score(task, trajectory) };
  };
  return Promise.all(tasks.map(one));
}

/** What went wrong, for a failing expectation's message. */
export function story(trajectory: Trajectory): string {
  const calls = callsOf(trajectory).map(
    ({ action, observation }) => `${JSON.stringify(action)} → ${observation.text.slice(0, 300)}`,
  );
  return [trajectory.prompt, ...calls, JSON.stringify(trajectory.outcome)].join('\n');
}
