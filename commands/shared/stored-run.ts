import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { writeWhole } from '../../core/record/files.ts';
import { readManifest } from '../../core/record/read-run.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { FormulaName } from '../../core/reward-types.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import type { Suite } from '../../core/types.ts';
import { bundledCalibration } from '../../judges/calibration/bundled.ts';
import { checkedByCode } from '../../judges/code/code-judge.ts';
import { judgeDefinition, judgeNamed } from '../../judges/judge-list.ts';
import { costsText } from '../../judges/language/costs.ts';
import type { CostedJudge } from '../../judges/language/language-judge.ts';
import { rubricsNamed, type ChosenRubrics } from '../../judges/rubric/file.ts';
import type { TaskFileSource } from '../../suites/tasks/suite-list.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';
import { judgeResources } from './judge-resources.ts';
import { taskFileOf } from './task-source.ts';

/** What a user says of a stored run's judging. */
export interface JudgingOptions {
  readonly judge: string;
  /** A kind of rubric, or a rubric file; absent: as is usual for the suite. */
  readonly rubric?: string | undefined;
  readonly formula: FormulaName;
  /** The task file, where the run was of own tasks, and those of them whose episodes are judged. */
  readonly tasks?: string | undefined;
  readonly task?: readonly string[] | undefined;
  /** Groups that are judged at once. */
  readonly concurrency: number;
}

/** A stored run with its suite, and the judge that a user names for it. Throws `UsageError`. */
export async function storedRun(folder: string, options: JudgingOptions) {
  const { judge, rubric, formula, concurrency } = options;
  const tasks = taskFileOf(options);
  const manifest = readManifest(folder);
  const rubrics = rubricsNamed(rubric, manifest.suite);
  if (judge === 'code') refuseUncheckable(rubrics);
  const suite = await suiteOfRun(manifest, tasks);
  const backend = await judgeNamed(judge, judgeResources());
  const { calibration: ours } = await judgeDefinition(judge);
  const bundled = bundledCalibration(backend, ours, rubrics);
  return { folder, manifest, suite, backend, bundled, rubrics, formula, concurrency };
}

/** The suite of a stored run, with the file of its tasks where these were a user's own. Throws `UsageError`. */
export async function suiteOfRun(manifest: Manifest, tasks: TaskFileSource | undefined): Promise<Suite> {
  if (tasks === undefined && isOwnSuiteName(manifest.suite))
    throw new UsageError(`The run was of your own tasks, ${manifest.suite}: name their file with --tasks.`);
  return recordedSuite(manifest, tasks);
}

/** Throws `UsageError` where a file holds criteria that code cannot decide. */
function refuseUncheckable(rubrics: ChosenRubrics): void {
  const lines = typeof rubrics === 'string' ? [] : [...rubrics.lines.values()];
  const unknown = lines.flatMap(({ criteria = [] }) => criteria).find(({ id }) => !checkedByCode.has(id));
  if (!unknown) return;
  throw new UsageError(
    `Code has no check for the criterion "${unknown.id}", and cannot read its words. Name a judge that can: embedded, or a model.`,
  );
}

/** Writes what a judge has cost, `costs.json`, and says it in words; '' for one that costs nothing. */
export function costsIn(folder: string, backend: JudgeBackend | CostedJudge): string {
  if (!('costs' in backend)) return '';
  const costs = backend.costs();
  writeWhole(join(folder, 'costs.json'), `${JSON.stringify(costs, null, 2)}\n`);
  return costsText(costs);
}
