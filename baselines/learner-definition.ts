import type { Learner } from '../core/run-types.ts';
import type { KnownSettings, Setting } from '../core/settings.ts';
import type { Policy } from '../core/types.ts';
import type { Trainable } from './learning/trainable.ts';

/** Default export of each file in `baselines/learners/`, which a training names by its file: `FILE?key=value`. */
export interface LearnerDefinition<Options extends object = Readonly<Record<string, Setting>>> extends Pick<
  KnownSettings<Options>,
  'defaults' | 'choices'
> {
  /** Options that are left out are as by default. The teacher is the oracle; learners from rewards need none. */
  readonly make: (trainable: Trainable, options: Partial<Options>, teacher: Policy) => Learner;
  /**
   * `beta` is a temperature here. Elsewhere it is the weight of a KL term that holds a policy to the weights with which the
   * learner began, so that a warm start, which leaves them at once, is refused beside it.
   */
  readonly isBetaTemperature?: true;
}
