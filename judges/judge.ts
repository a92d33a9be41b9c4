import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import type { JudgeIdentity } from '../core/calibration-types.ts';
import type { Verdict } from '../core/reward-types.ts';
import type { JudgeBackend, Trajectory } from '../core/trajectory.ts';
import type { Task } from '../core/types.ts';
import codeJudge from './code/code-judge.ts';
import type { JudgeMeans } from './language/language-judge.ts';

/** Default export of each file in `judges/models/`: the judge `FILE:MODEL`, or `FILE` with `model` ''. */
export type OpenJudge = (model: string, means: JudgeMeans) => Promise<JudgeBackend>;

const models = listIn<OpenJudge>(new URL('./models/', import.meta.url), 'judge');

/**
 * A judge by name: `code`, or `KIND:MODEL` for a file of `judges/models/`.
 * @throws UsageError naming the known kinds.
 */
export async function judgeNamed(name: string, means: JudgeMeans = {}): Promise<JudgeBackend> {
  if (name === 'code') return codeBackend();
  const [, kind = '', model = ''] = /^([^:?]*):?(.*)$/s.exec(name) ?? [];
  if (kinds().includes(kind)) return (await models.load(kind))(model, means);
  throw new UsageError(`There is no judge "${name}". Known: ${judgeNames().join(', ')}.`);
}

/** The kinds of judges, as a user names them. */
export const judgeNames = (): string[] => ['code', ...kinds().map((kind) => `${kind}:MODEL`)];

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

/** Files that decide what the code judge says, but for the facts of `core/`. */
const codeFiles = [
  'code/code-judge',
  'code/measures',
  'truth/argument-match',
  'truth/goal',
  'truth/checks',
  'truth/text-test',
];

/** What tells the code judge from that of other versions. */
export function codeIdentity(): JudgeIdentity {
  const hash = createHash('sha256');
  for (const name of codeFiles) {
    hash.update(readFileSync(new URL(`./${name}${import.meta.url.slice(-3)}`, import.meta.url)));
  }
  return { name: 'code', build: `source ${hash.digest('hex').slice(0, 12)}`, prompt: null };
}

const codeBackend = (): JudgeBackend => ({
  ...codeIdentity(),
  judge: (task, trajectories) => Promise.resolve(trajectories.map((one) => codeJudge(task, one))),
});
