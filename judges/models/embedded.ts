import { UsageError } from '../../core/errors.ts';
import type { Criterion, Rubric } from '../../core/reward-types.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import { makeEmbeddedJudge } from '../embedded/judge.ts';
import { ownWeights, readWeights } from '../embedded/weights.ts';

/**
 * `embedded`, the small network that comes with Toolstone, or `embedded:FILE` with weights of one's own. It reads a rubric's
 * criteria together; with `?scope=criterion` each without the others.
 */
export default function embeddedJudge(argument: string): Promise<JudgeBackend> {
  const [, file = '', mark, settings = ''] = /^([^?]*)(\??)(.*)$/s.exec(argument) ?? [];
  const isAlone = settings === 'scope=criterion';
  if (mark && !isAlone && settings !== 'scope=all') {
    throw new UsageError(`The embedded judge knows no "${settings}". Known: scope=all, scope=criterion.`);
  }
  const trained = readWeights(file === '' ? ownWeights : file);
  const judge = makeEmbeddedJudge(trained);
  return Promise.resolve({
    name: isAlone ? alone : 'embedded',
    build: trained.build,
    prompt: null,
    judge: (task, trajectories) =>
      Promise.resolve(
        trajectories.map((one) =>
          isAlone ? rubricsOf(task.rubric).flatMap((rubric) => judge(rubric, one)) : judge(task.rubric, one),
        ),
      ),
  });
}

/** By this name the calibration that comes with the judge holds what the judge is worth when it is asked so. */
const alone = 'embedded, each criterion alone';

/** A rubric for each criterion, made once, for the judge keeps what it has read out of one. */
const known = new WeakMap<Criterion, Rubric>();

const rubricsOf = ({ criteria }: Rubric): Rubric[] =>
  criteria.map((one) => {
    const rubric = known.get(one) ?? { form: 'free', criteria: [one] };
    known.set(one, rubric);
    return rubric;
  });
