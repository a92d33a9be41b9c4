import type { Learner } from '../../core/run-types.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import { grpo, choices, defaults as grpoDefaults, type GrpoOptions } from './grpo.ts';

const defaults: GrpoOptions = {
  ...grpoDefaults,
  importanceSampling: 'sequence',
  lossAggregation: 'seq-mean-token-mean',
  clipLow: 0.05,
  clipHigh: 0.07,
};

export default { defaults, choices, make: gspo } satisfies LearnerDefinition<GrpoOptions>;

/**
 * Group sequence policy optimisation (GSPO, Zheng et al. 2025, arXiv:2507.18071): one importance ratio per episode, the
 * exponential of the mean log-ratio of its choices, is clipped in place of one per choice.
 *
 * Differs from the paper: as `grpo`, but with its mean over an episode's choices; a wider clip (.05 and .07 where the paper
 * has .0003 and .0004), since an episode has tens of choices and not thousands of tokens over which ratios even out.
 */
function gspo(trainable: Trainable, options: Partial<GrpoOptions> = {}): Learner {
  return { ...grpo(trainable, { ...defaults, ...options }), name: 'gspo' };
}
