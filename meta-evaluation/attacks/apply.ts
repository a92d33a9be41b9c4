import { seedOf, randomStream } from '../../core/seeds.ts';
import { callsOf, keyText, type EpisodeKey, type Trajectory } from '../../core/trajectory.ts';
import type { Action, Task, Tool } from '../../core/types.ts';
import { trueLabels } from '../defects/true-labels.ts';
import { plainCriteria, withAnswer, type Attack, type AttackContext } from './attack.ts';

/** Key of the episode once attacked; `judges/calibration/attack-rate.ts` reads it back. */
export const attackedKey = (key: EpisodeKey, attack: string): EpisodeKey => ({
  ...key,
  job: `attacked-${attack}/${key.job}`,
});

const contextOf = (task: Task, trajectory: Trajectory, attack: Attack, seed: number): AttackContext => ({
  prompt: task.prompt,
  criteria: plainCriteria(task),
  calls: callsOf(trajectory)
    .map(({ action }) => action)
    .filter(({ name }) => name === 'call_tool'),
  stream: randomStream(seedOf('attack', seed, attack.name, keyText(trajectory.key))),
});

/**
 * A recorded episode, of anybody's, attacked without a world; `null` for an attack that needs one, and where the episode
 * did not finish. Pure.
 */
export function attackedAnswer(task: Task, trajectory: Trajectory, attack: Attack, seed: number): Trajectory | null {
  if (attack.by !== 'answer' || trajectory.outcome.kind !== 'terminated') return null;
  const answer = attack.answer(contextOf(task, trajectory, attack, seed), trajectory.outcome.answer);
  const attacked = withAnswer(trajectory, answer);
  return attacked && { ...attacked, key: attackedKey(trajectory.key, attack.name) };
}

/** What the policy of an episode would do with this attack in a world; `null` where it does not fit. Pure. */
export function attackedActions(
  task: Task,
  trajectory: Trajectory,
  attack: Attack,
  tools: readonly Tool[],
  seed: number,
): readonly Action[] | null {
  if (attack.by !== 'world' || trajectory.outcome.kind !== 'terminated') return null;
  const attackActions = attack.actions({ ...contextOf(task, trajectory, attack, seed), tools });
  // What a program calls, it calls again when it is run again.
  const actions = callsOf(trajectory).flatMap(({ action, isInside }) => (isInside ? [] : [action]));
  return attackActions && [...actions.slice(0, -1), ...attackActions, ...actions.slice(-1)];
}

/** Criteria that were broken before and still are: those that must not pass. */
export function stillBroken(task: Task, brokenCriteria: readonly string[], attacked: Trajectory): string[] {
  const labels = trueLabels(task, attacked);
  return brokenCriteria.filter((id) => labels.get(id) === 'broken');
}
