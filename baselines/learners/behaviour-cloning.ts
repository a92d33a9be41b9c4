import { groupMetrics } from '../learning/group-metrics.ts';
import { lossWeights } from '../learning/loss-aggregation.ts';
import type { Learner } from '../../core/run-types.ts';
import { likelihood } from '../learning/policy-loss.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import type { Policy } from '../../core/types.ts';

const defaults: PolicyUpdateOptions = { ...policyUpdateDefaults, learningRate: 0.01 };

export default {
  defaults,
  choices: policyUpdateChoices,
  make: behaviourCloning,
} satisfies LearnerDefinition<PolicyUpdateOptions>;

/**
 * Behaviour cloning (Pomerleau 1991, Neural Computation 3:88): the teacher acts, and the policy becomes likelier to choose
 * what the teacher chose. What the policy cannot choose, such as an argument that stands nowhere it looks, is left out.
 *
 * Differs from the paper: demonstrations are not stored but made as they are needed, by the oracle, which carries out each
 * task's reference plan; rewards play no part, save that void episodes teach nothing; an entropy bonus per kind of choice is
 * held to a falling target.
 */
export function behaviourCloning(
  trainable: Trainable,
  options: Partial<PolicyUpdateOptions>,
  teacher: Policy,
): Learner {
  const settings = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, settings);
  return {
    name: 'behaviour-cloning',
    policy: trainable.imitate(teacher),
    version: update.version,
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const sessions = groups.flatMap(({ episodes }) =>
        episodes.flatMap(({ session, reward }) => (reward === null ? [] : [session])),
      );
      const lengths = sessions.map((session) => trainable.choices(session).length);
      const objective = likelihood(lossWeights(lengths, settings.lossAggregation, settings.normLength));
      const within_reach = sessions.filter(trainable.isWithinReach).length / Math.max(1, sessions.length);
      return { loss: 0, ...update.optimise([{ sessions, objective }], progress), ...metrics, within_reach };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}
