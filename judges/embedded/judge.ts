import type { Rubric, Verdict } from '../../core/reward-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { encodeCriterion, encodeTrajectory } from './encode.ts';
import { mentionsIn, type Mentions } from './mentions.ts';
import { logitsOf, sigmoid } from './training.ts';
import type { TrainedJudge } from './weights.ts';

/**
 * Probabilities that criteria are met, in the order of the rubric. What is read: the texts of the criteria, and of the
 * trajectory its prompt, turns and answer. Ids and weights of criteria are not, nor is anything else of the task.
 */
export function probabilities({ network, line }: TrainedJudge, rubric: Rubric, trajectory: Trajectory): number[] {
  const encoded = encodeTrajectory(trajectory, mentionsOf(rubric));
  const examples = rubric.criteria.map(({ description }) => ({
    trajectory: encoded,
    criterion: encodeCriterion(encoded.read, description),
  }));
  return logitsOf(network, examples).map((logit) => sigmoid(line.slope * logit + line.offset));
}

/** A trajectory's verdicts; kept as long as trajectory and rubric are, so that asking again costs nothing. */
export function makeEmbeddedJudge(judge: TrainedJudge): (rubric: Rubric, trajectory: Trajectory) => Verdict[] {
  const known = new WeakMap<Trajectory, WeakMap<Rubric, readonly number[]>>();
  return (rubric, trajectory) => {
    const own = known.get(trajectory) ?? new WeakMap<Rubric, readonly number[]>();
    known.set(trajectory, own);
    const scores = own.get(rubric) ?? probabilities(judge, rubric, trajectory);
    own.set(rubric, scores);
    return rubric.criteria.map(({ id }, index) => ({ criterion: id, state: 'scored', score: scores[index] ?? NaN }));
  };
}

/** Rubrics are asked of many trajectories. */
const mentioned = new WeakMap<Rubric, Mentions>();

function mentionsOf(rubric: Rubric): Mentions {
  const found = mentioned.get(rubric) ?? mentionsIn(rubric.criteria.map(({ description }) => description));
  mentioned.set(rubric, found);
  return found;
}
