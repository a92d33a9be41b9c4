import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import type { Verdict } from '../core/reward-types.ts';
import type { JudgeBackend, Trajectory } from '../core/trajectory.ts';
import type { Task } from '../core/types.ts';
import type { JudgeMeans } from './language/language-judge.ts';

/** Default export of each file in `judges/models/`: the judge `FILE:MODEL`, or `FILE` with `model` ''. */
export type OpenJudge = (model: string, means: JudgeMeans) => Promise<JudgeBackend>;

const models = listIn<OpenJudge>(new URL('./models/', import.meta.url), 'judge');

/**
 * A judge by name: `KIND` or `KIND:MODEL` for a file of `judges/models/`.
 * @throws UsageError naming the known kinds.
 */
export async function judgeNamed(name: string, means: JudgeMeans = {}): Promise<JudgeBackend> {
  const [, kind = '', model = ''] = /^([^:?]*):?(.*)$/s.exec(name) ?? [];
  if (kinds().includes(kind)) return (await models.load(kind))(model, means);
  throw new UsageError(`There is no judge "${name}". Known: ${judgeNames().join(', ')}.`);
}

/** The kinds of judges, as a user names them. */
export const judgeNames = (): string[] => kinds().map((kind) => (kind === 'code' ? kind : `${kind}:MODEL`));

/** Files of the judges that a name is made of, among them the members of a panel. */
export function judgeFiles(name: string): URL[] {
  const panel = name.startsWith('panel:') ? name.slice('panel:'.length).split('|') : [];
  return [name, ...panel].map((part) => models.fileOf(kindOf(part.trim())));
}

/** e.g. `ollama` of `ollama:qwen3:4b`. */
const kindOf = (name: string): string => /^[^:?]*/.exec(name)?.[0] ?? '';

const kinds = (): readonly string[] => models.names();

/**
 * What a judge says of trajectories of one task, a verdict per criterion in the rubric's order whatever it answered: a void
 * episode is not shown to it, nor one without criteria; what it leaves out is `failed`, and a score that is no number within
 * 0..1 `unparseable`.
 */
export async function ask(
  { judge }: JudgeBackend,
  task: Task,
  trajectories: readonly Trajectory[],
  signal?: AbortSignal,
): Promise<readonly (readonly Verdict[])[]> {
  // No reply of a model could be used as the task's rubric.
  if (task.rubric.criteria.length === 0) return trajectories.map(() => []);
  const shown = trajectories.filter(({ outcome }) => outcome.kind !== 'failed');
  const answers = shown.length === 0 ? [] : await judge(task, shown, signal);
  return trajectories.map((one) => {
    const { outcome } = one;
    if (outcome.kind !== 'failed') return settled(task, answers[shown.indexOf(one)] ?? []);
    const reason = `the episode is void, culprit ${outcome.culprit}`;
    return task.rubric.criteria.map(({ id }) => ({ criterion: id, state: 'unscored', reason }));
  });
}

function settled({ rubric }: Task, verdicts: readonly Verdict[]): Verdict[] {
  const byCriterion = new Map(verdicts.map((one) => [one.criterion, one]));
  return rubric.criteria.map(({ id }): Verdict => {
    const verdict = byCriterion.get(id);
    if (!verdict) return { criterion: id, state: 'unscored', reason: 'the judge said nothing of it', cause: 'failed' };
    if (verdict.state === 'unscored' || (verdict.score >= 0 && verdict.score <= 1)) return verdict;
    const reason = `the score ${verdict.score} is no number from 0 to 1`;
    return { criterion: id, state: 'unscored', reason, cause: 'unparseable' };
  });
}
