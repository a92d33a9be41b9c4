import type { Learner } from '../../core/run-types.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import { grpo, choices, defaults as grpoDefaults, type GrpoOptions } from './grpo.ts';

const defaults: GrpoOptions = { ...grpoDefaults, scale: 'none', lossAggregation: 'seq-mean-token-sum-norm' };

export default { defaults, choices, make: drGrpo } satisfies LearnerDefinition<GrpoOptions>;

/**
 * Dr. GRPO, "GRPO done right" (Liu et al. 2025, arXiv:2503.20783): advantages are not divided by the group's standard
 * deviation, losses are summed over an episode's choices and divided by a constant.
 *
 * Differs from the paper: as `grpo`; the constant (`normLength`) is 64 choices, not the longest completion.
 */
function drGrpo(trainable: Trainable, options: Partial<GrpoOptions> = {}): Learner {
  return { ...grpo(trainable, { ...defaults, ...options }), name: 'dr-grpo' };
}
