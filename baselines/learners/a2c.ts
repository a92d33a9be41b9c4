import type { Learner } from '../../core/run-types.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import { policyUpdateChoices } from '../learning/policy-update.ts';
import { ppo, defaults as ppoDefaults, type PpoOptions } from './ppo.ts';

const defaults: PpoOptions = {
  ...ppoDefaults,
  learningRate: 0.01,
  passes: 1,
  lambda: 1,
};

export default { defaults, choices: policyUpdateChoices, make: a2c } satisfies LearnerDefinition<PpoOptions>;

/**
 * Advantage actor-critic (A2C, the synchronous form of Mnih et al. 2016, arXiv:1602.01783): PPO with one step per batch, on
 * which every ratio is 1 and no clip holds (Huang et al. 2022, arXiv:2205.09123), and returns less values as advantages.
 *
 * Differs from the paper: as `ppo`; whole episodes in place of five steps of many; Adam in place of RMSprop.
 */
export function a2c(trainable: Trainable, options: Partial<PpoOptions> = {}): Learner {
  return { ...ppo(trainable, { ...defaults, ...options }), name: 'a2c' };
}
