import { listIn } from '../core/list.ts';
import { ownPathIn, requireShape, type PartShape } from '../core/own-module.ts';
import type { Learner } from '../core/run-types.ts';
import { nameIn, readNamedSettings, type Setting } from '../core/settings.ts';
import type { Policy } from '../core/types.ts';
import type { LearnerDefinition } from './learner-definition.ts';
import type { Trainable } from './learning/trainable.ts';

const learners = listIn<LearnerDefinition>(new URL('./learners/', import.meta.url), 'algorithm', {
  keys: { defaults: 'map', choices: 'map', make: 'function' },
  example: '`export default { defaults, choices, make }`, where `make` gives a learner',
});

const learnerShape: PartShape = {
  keys: { name: 'text', policy: 'map', version: 'function', update: 'function', save: 'function', restore: 'function' },
  example: '`{ name, policy, version, update, save, restore }`',
};

/** What a training's `algorithm` may be, settings apart. */
export const algorithmNames = learners.names;

/** Whether there is a learner of that name, with settings or without, or it is the path of a user's own. */
export const isLearner = (algorithm: string): boolean => learners.has(nameIn(algorithm));

/** File of a learner by its name, with settings or without. */
export const learnerFile = (algorithm: string): URL => learners.fileOf(nameIn(algorithm));

export interface ReadLearner {
  readonly definition: LearnerDefinition;
  /** The options that the name sets. */
  readonly options: Readonly<Partial<Record<string, Setting>>>;
}

/** Reads e.g. `grpo?scale=none&clipHigh=0.28`. Throws `UsageError` on a learner or a setting that there is not. */
export async function readLearner(algorithm: string): Promise<ReadLearner> {
  const definition = await learners.load(nameIn(algorithm));
  return { definition, options: readNamedSettings(algorithm, definition).set };
}

/** Whether its settings hold the policy to the weights with which the learner began, which goes with no warm start. */
export const holdsToStart = ({ definition, options }: ReadLearner): boolean =>
  !definition.isBetaTemperature && Number(options['beta'] ?? 0) > 0;

/** A learner by name and settings, ready to improve a policy. Throws `UsageError` as `readLearner`. */
export async function makeLearner(algorithm: string, trainable: Trainable, teacher: Policy): Promise<Learner> {
  const { definition, options } = await readLearner(algorithm);
  const learner = definition.make(trainable, options, teacher);
  const path = ownPathIn(algorithm);
  if (path !== undefined) requireShape(learner, `The algorithm ${path} makes something that`, learnerShape);
  return learner;
}
