import { groupAdvantages } from '../../core/statistics/advantage.ts';
import { UsageError } from '../../core/errors.ts';
import type { Trainer } from './kinds.ts';
import type { Sample } from './samples.ts';

/** Episodes of one task compared with each other. */
export interface Group {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** Groups in the order in which they first appear. Throws `UsageError` for one whose members no single policy drew. */
export function groupsOf(samples: readonly Sample[]): Group[] {
  const groups = Object.entries(Object.groupBy(samples, ({ group }) => group));
  return groups.map(([name, members = []]) => {
    const versions = new Set(members.map(({ policyVersion, temperature }) => `${policyVersion} at ${temperature}`));
    if (versions.size > 1) {
      throw new UsageError(
        `The episodes of ${name} were drawn by several policies (version and temperature: ${[...versions].join(', ')}). ` +
          'Export runs of one policy, one at a time.',
      );
    }
    return { name, samples: members };
  });
}

/** Below it the recipe for Tinker drops a group. */
const leastDeviation = 1e-8;
const verlEpsilon = 1e-6;

/**
 * What a trainer makes of a group's rewards by its default group-relative estimator; null where it drops the group.
 * TRL (GRPO): minus the mean, over the sample deviation + 1e-4. verl (grpo): the same with 1e-6, and the bare reward in a
 * group of one. prime-rl: minus the mean. Tinker's recipe: over the sample deviation, groups without one dropped.
 */
export function advantagesFor(trainer: Trainer, rewards: readonly number[]): readonly number[] | null {
  if (trainer === 'trl') return groupAdvantages(rewards).advantages;
  const centred = groupAdvantages(rewards, 'none');
  if (trainer === 'prime-rl') return centred.advantages;
  if (trainer === 'verl') {
    if (rewards.length === 1) return rewards.map((reward) => reward / (1 + verlEpsilon));
    return centred.advantages.map((advantage) => advantage / (centred.deviation + verlEpsilon));
  }
  if (centred.deviation < leastDeviation) return null;
  return centred.advantages.map((advantage) => advantage / centred.deviation);
}
