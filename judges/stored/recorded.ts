import { createHash } from 'node:crypto';
import { taskIdParts } from '../../core/task-id.ts';
import { UsageError } from '../../core/errors.ts';
import { checkRecords } from '../../core/record/chain.ts';
import type { Place } from '../../core/record/lines.ts';
import { eachRecord, openTrajectories, trajectoryFile } from '../../core/record/run-files.ts';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { rubricProblems } from '../rubric/rubric.ts';
import { withRubrics, type ChosenRubrics } from '../rubric/file.ts';

/** Episodes of one task by one policy version of a job: what a judge that compares is shown at once. */
export interface RecordedGroup {
  readonly task: Task;
  /** `keyText` of each, in the order of the file. */
  readonly keys: readonly string[];
  /** Reads them from the file. */
  readonly read: () => readonly ScoredTrajectory[];
}

/** The episodes of a run folder with their tasks; no more than one group is in memory. */
export interface Recorded {
  /** SHA-256 (hex) of the trajectories. */
  readonly hash: string;
  readonly groups: readonly RecordedGroup[];
  readonly close: () => void;
}

/**
 * Finds a run's episodes and the tasks that they were of: all, or those that a part of a task file holds. A torn last line is
 * left out.
 * @throws UsageError where a record was changed, the suite is another, the run is among toolspaces of several sizes, a task is not the one that was recorded, or its rubric is no valid one.
 */
export function readRecorded(
  folder: string,
  { suite: suiteName, jobs, sizes }: Manifest,
  suite: Suite,
  rubrics: ChosenRubrics,
): Recorded {
  if (suite.name !== suiteName) {
    throw new UsageError(`${folder} is a run of suite ${suiteName}, not of ${suite.name}, so its tasks are unknown.`);
  }
  if (sizes) {
    throw new UsageError(
      `${folder} holds the same tasks among toolspaces of several sizes, which are told apart by no id, so it cannot be judged again. ` +
        'Judge a run among one toolspace: toolstone run --tools N.',
    );
  }
  checkRecords(folder);
  const scanned = scan(folder);
  const planned = jobs.flatMap(({ evaluations }) => evaluations.map(({ tasks: count }) => count));
  const today = tasksNamed([...scanned.prompts.keys()], suite, Math.max(0, ...planned));
  const { hash, groups, prompts } = suite.isPart ? partOf(scanned, today) : scanned;
  if (groups.size === 0)
    throw new UsageError(`${folder} holds no episode of these tasks, so there is nothing to read.`);
  const recorded = [...prompts].map(([id, prompt]) => {
    const task = today.get(id);
    if (task?.prompt !== prompt) {
      const what = task ? 'asks for something else' : 'is not in it';
      throw new UsageError(
        `The run's task ${id} ${what} in today's suite ${suite.name}. Use the toolstone that made the run.`,
      );
    }
    const problems = rubricProblems(task.rubric);
    if (problems.length > 0) throw new UsageError(`The rubric of task ${id} is not valid: ${problems.join(' ')}`);
    return task;
  });
  const tasks = new Map(withRubrics(recorded, rubrics).map((task) => [task.id, task]));
  const trajectories = openTrajectories(folder);
  return {
    hash,
    groups: [...groups.values()].map(({ task, keys, places }) => ({
      task: tasks.get(task) as Task,
      keys,
      read: () => places.map(trajectories.at),
    })),
    close: trajectories.close,
  };
}

interface Scanned {
  readonly task: string;
  readonly keys: string[];
  readonly places: Place[];
}

/** What the trajectories of a run are of, without keeping them. */
function scan(folder: string) {
  const hash = createHash('sha256');
  const groups = new Map<string, Scanned>();
  const prompts = new Map<string, string>();
  eachRecord(folder, trajectoryFile, ({ key, prompt, policyVersion }, { bytes, place }) => {
    hash.update(bytes).update('\n');
    const name = JSON.stringify([key.job, key.phase, key.task, policyVersion]);
    const group = groups.get(name) ?? { task: key.task, keys: [], places: [] };
    groups.set(name, group);
    group.keys.push(keyText(key));
    group.places.push(place);
    prompts.set(key.task, prompt);
  });
  if (groups.size === 0) throw new UsageError(`${folder} holds no episode, so there is nothing to read.`);
  return { hash: hash.digest('hex'), groups, prompts };
}

const partOf = ({ hash, groups, prompts }: ReturnType<typeof scan>, tasks: ReadonlyMap<string, Task>) => ({
  hash,
  groups: new Map([...groups].filter(([, { task }]) => tasks.has(task))),
  prompts: new Map([...prompts].filter(([task]) => tasks.has(task))),
});

/** Tasks by id (`suite/family/split/number`); families take turns, so that a number bounds the count to ask for. Own tasks have names. */
function tasksNamed(ids: readonly string[], suite: Suite, planned: number): Map<string, Task> {
  const tasks = new Map<string, Task>();
  const bySplit = Map.groupBy(ids.map(taskIdParts), ({ split }) => split);
  for (const [split, parts] of bySplit) {
    if (!suite.splits.includes(split as Split)) continue;
    const numbers = parts.map(({ number }) => number).filter(Number.isInteger);
    const numbered = (Math.max(-1, ...numbers) + 1) * suite.families.length;
    const count = suite.isOwn ? Infinity : Math.max(planned, numbered);
    for (const task of suite.tasks(split as Split, count)) tasks.set(task.id, task);
  }
  return tasks;
}
