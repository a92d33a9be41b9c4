import { UsageError } from '../../core/errors.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { Job } from '../../core/run-types.ts';
import { hasSolution } from '../../core/solution.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { checkedByCode } from '../../judges/code/code-judge.ts';

/**
 * Jobs as tasks of one's own can play them: as many of each split as there are; those of the house as they are.
 * @throws UsageError where a split has too few, or a training would have nothing to learn by.
 */
export function jobsOn(suite: Suite, jobs: readonly Job[]): readonly Job[] {
  if (!suite.isOwn) return jobs;
  refuseTooFew(suite, neededBy(jobs));
  const tasks = new Map(suite.splits.map((split) => [split, suite.tasks(split, Infinity)]));
  const trainings = jobs.flatMap(({ training }) => training ?? []);
  if (trainings.length > 0) refuseWithoutPlan([...tasks.values()].flat());
  if (trainings.some(({ reward, judge }) => reward === 'rubric' && judge === undefined))
    refuseUncheckable(tasks.get('train') ?? []);
  const atMost = (split: Split, count: number) => Math.min(count, tasks.get(split)?.length ?? 0);
  return jobs.map(({ training, evaluations, ...job }) => ({
    ...job,
    training: training && { ...training, validationTasks: atMost('validation', training.validationTasks) },
    evaluations: evaluations.map((one) => ({ ...one, tasks: atMost(one.split, one.tasks) })),
  }));
}

/** Fewest tasks of each split: one to measure by, and to learn as many as an update compares groups of. */
function neededBy(jobs: readonly Job[]): ReadonlyMap<Split, number> {
  const needed = new Map<Split, number>();
  const need = (split: Split, count: number) => needed.set(split, Math.max(needed.get(split) ?? 0, count));
  for (const { training, evaluations } of jobs) {
    if (training) need('train', training.groupSize > 1 ? training.groupsPerUpdate : 1);
    if (training) need('validation', 1);
    for (const { split } of evaluations) need(split, 1);
  }
  return needed;
}

/** Throws `UsageError` that says which splits lack how many tasks. */
export function refuseTooFew(suite: Suite, needed: ReadonlyMap<Split, number>): void {
  const countOf = (split: Split) => (suite.splits.includes(split) ? suite.tasks(split, Infinity).length : 0);
  const lacking = [...needed].filter(([split, least]) => countOf(split) < least);
  const [first] = lacking;
  if (first === undefined) return;
  const words = lacking.map(([split, least]) => `split ${split} has ${countOf(split)} and needs ${least}`).join(', ');
  throw new UsageError(
    `The task file has too few tasks: ${words}. Add tasks, or write "split: ${first[0]}" into some: tasks that name no split are ` +
      'divided into thirds by the hash of their ids (docs/own-tasks.md).',
  );
}

function refuseWithoutPlan(tasks: readonly Task[]): void {
  const without = tasks.filter((task) => !hasSolution(task)).map(shortName);
  if (without.length === 0) return;
  throw new UsageError(
    `A training needs tasks with plans, and ${without.length} of ${tasks.length} have none: ${someOf(without)}. ` +
      'Give them a plan (docs/own-tasks.md), or choose others with --task.',
  );
}

/** Throws `UsageError` where code could not reward episodes of tasks of one's own, of which `learnt` gives those to learn from. */
export function refuseUnrewarded(reward: RewardName, suite: Suite, learnt: () => readonly Task[]): void {
  if (suite.isOwn && reward === 'rubric') refuseUncheckable(learnt());
}

/** Code scores no criteria in a user's own words: no episode would earn anything. */
function refuseUncheckable(tasks: readonly Task[]): void {
  const without = tasks.filter(({ rubric }) => rubric.criteria.some(({ id }) => !checkedByCode.has(id))).map(shortName);
  if (without.length === 0) return;
  throw new UsageError(
    `Code cannot score the rubrics of ${someOf(without)}, which are in your own words, so no episode would be rewarded. ` +
      'Name a --judge that reads them, choose --rubric plan or end-state, or take --reward sparse or state-share.',
  );
}

const shortName = ({ id }: Task): string => id.slice(id.lastIndexOf('/') + 1);

const someOf = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
