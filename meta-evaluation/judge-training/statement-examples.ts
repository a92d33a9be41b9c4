import { randomStream, seedOf } from '../../core/seeds.ts';
import { encodeCriterion, encodeTrajectory } from '../../judges/embedded/encode.ts';
import { mentionsIn } from '../../judges/embedded/mentions.ts';
import type { Example } from '../../judges/embedded/training.ts';
import { aspectOf } from './aspects.ts';
import { blurred } from './blur.ts';
import { partOf } from '../defects/held-out.ts';
import type { Planted } from '../defects/plant.ts';
import { statementsOf } from '../statements/statements.ts';
import { trainedStyles } from '../statements/styles.ts';

/** Styles that an episode is asked in during one pass. */
const stylesPerPass = 5;

/** Episodes that hold nothing held out. */
export const trainable = (all: readonly Planted[]): Planted[] =>
  all.filter(
    ({ task, defect, script, trajectory }) =>
      trajectory.outcome.kind !== 'failed' && partOf(task, defect.name, script.server) === 'train',
  );

/**
 * Statements of a pass about episodes, other ones in each, in styles that are trained on: read together, as those of a rubric
 * are, or alone. Open ones are left out.
 */
export function statementExamples(
  episodes: readonly Planted[],
  seed: number,
  pass: number | 'validation',
  styles: readonly string[] = trainedStyles,
): Example[] {
  return episodes.flatMap(({ task, trajectory }) => {
    const stream = randomStream(seedOf('styles of a pass', seed, pass, task.id, trajectory.key.job));
    const chosen = stream.shuffle(styles.filter((style) => style !== 'frames')).slice(0, stylesPerPass);
    const options = { seed: seedOf('statements to train on', seed, pass), perStyle: 2 };
    const statements = [
      ...statementsOf(task, trajectory, { ...options, styles: chosen }),
      ...statementsOf(task, trajectory, { ...options, perStyle: 5, styles: ['frames'] }),
    ];
    const isAlone = stream.uniform() < 0.3;
    const together = encodeTrajectory(trajectory, mentionsIn(statements.map(({ text }) => text)));
    return statements.flatMap(({ text, truth, asked }): Example[] => {
      if (truth === null) return [];
      const encoded = isAlone ? encodeTrajectory(trajectory, mentionsIn([text])) : together;
      return [
        {
          trajectory: encoded,
          criterion: encodeCriterion(encoded.read, text, pass === 'validation' ? undefined : blurred(stream)),
          aspects: asked.map(({ proposition, isTurned }) => aspectOf(proposition, isTurned)),
          label: truth ? 1 : 0,
          weight: 1,
        },
      ];
    });
  });
}
