import type { Criterion, Rubric } from '../../core/reward-types.ts';
import { readNamedSettings, type KnownSettings } from '../../core/settings.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import type { JudgeDefinition } from '../judge-definition.ts';

/**
 * `embedded`, the small network that comes with Toolstone, or `embedded:FILE` with weights of one's own. It reads a rubric's
 * criteria together; with `?scope=criterion` each without the others.
 */
export default {
  usage: 'embedded',
  calibration: {
    file: new URL('../embedded/calibration.json', import.meta.url),
    holisticName: 'embedded, one holistic score',
  },
  open: embeddedJudge,
} satisfies JudgeDefinition;

interface EmbeddedSettings {
  readonly scope: 'all' | 'criterion';
}

const known: KnownSettings<EmbeddedSettings> = {
  defaults: { scope: 'all' },
  choices: { scope: ['all', 'criterion'] },
};

async function embeddedJudge(argument: string): Promise<JudgeBackend> {
  const { name: file, settings } = readNamedSettings(argument, known);
  const { makeEmbeddedJudge } = await import('../embedded/judge.ts');
  const { ownWeights, readWeights } = await import('../embedded/weights.ts');
  const isAlone = settings.scope === 'criterion';
  const trained = readWeights(file === '' ? ownWeights : file);
  const judge = makeEmbeddedJudge(trained);
  return {
    name: isAlone ? nameAlone : 'embedded',
    build: trained.build,
    prompt: null,
    judge: ({ rubric }, trajectories) => {
      const rubrics = isAlone ? rubricsOf(rubric) : [rubric];
      return Promise.resolve(trajectories.map((trajectory) => rubrics.flatMap((shown) => judge(shown, trajectory))));
    },
  };
}

/** By this name the calibration that comes with the judge holds what the judge is worth when it is asked so. */
const nameAlone = 'embedded, each criterion alone';

/** A rubric for each criterion, made once, for the judge keeps what it has read out of one. */
const rubricsAlone = new WeakMap<Criterion, Rubric>();

const rubricsOf = ({ criteria }: Rubric): Rubric[] =>
  criteria.map((criterion) => {
    const rubric = rubricsAlone.get(criterion) ?? { form: 'free', criteria: [criterion] };
    rubricsAlone.set(criterion, rubric);
    return rubric;
  });
