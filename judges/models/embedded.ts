import type { JudgeBackend } from '../../core/trajectory.ts';
import { makeEmbeddedJudge } from '../embedded/judge.ts';
import { ownWeights, readWeights } from '../embedded/weights.ts';

/** `embedded`, the small network that comes with Toolstone, or `embedded:FILE` with weights of one's own. */
export default function embeddedJudge(file: string): Promise<JudgeBackend> {
  const trained = readWeights(file === '' ? ownWeights : file);
  const judge = makeEmbeddedJudge(trained);
  return Promise.resolve({
    name: 'embedded',
    build: trained.build,
    prompt: null,
    judge: (task, trajectories) => Promise.resolve(trajectories.map((one) => judge(task.rubric, one))),
  });
}
