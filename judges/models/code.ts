import { UsageError } from '../../core/errors.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import type { JudgeDefinition } from '../judge-definition.ts';

/** `code`: what can be decided without reading, by rules; labels are compared with it, so that it makes no errors. It takes no settings. */
export default { usage: 'code', open: judgeByCode } satisfies JudgeDefinition;

async function judgeByCode(argument: string): Promise<JudgeBackend> {
  if (argument !== '') throw new UsageError(`The judge "code" takes no settings: leave out "${argument}".`);
  const { codeIdentity } = await import('../code/build.ts');
  const { default: codeJudge } = await import('../code/code-judge.ts');
  return {
    ...codeIdentity(),
    planted: () => ({ sensitivity: 1, specificity: 1 }),
    judge: (task, trajectories) => Promise.resolve(trajectories.map((trajectory) => codeJudge(task, trajectory))),
  };
}
