import type { Learner } from '../../core/run-types.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import { grpo, choices, defaults as grpoDefaults, type GrpoOptions } from './grpo.ts';

const defaults: GrpoOptions = {
  ...grpoDefaults,
  clipHigh: 0.28,
  lossAggregation: 'token-mean',
  dynamicSampling: true,
};

export default { defaults, choices, make: dapo } satisfies LearnerDefinition<GrpoOptions>;

/**
 * Decoupled clip and dynamic sampling policy optimisation (DAPO, Yu et al. 2025, arXiv:2503.14476): a higher upper clip,
 * the mean over all choices of the batch, groups without variance left out, no KL term.
 *
 * Differs from the paper: as `grpo`; no groups are sampled in place of those left out, and with them goes their entropy bonus,
 * so that a policy which does alike in all groups stays as it is; no penalty on overlong episodes, which the rubric counts.
 */
function dapo(trainable: Trainable, options: Partial<GrpoOptions> = {}): Learner {
  return { ...grpo(trainable, { ...defaults, ...options }), name: 'dapo' };
}
