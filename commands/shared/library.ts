/**
 * What `import … from 'toolstone'` gives, and all that is public (docs/library.md). Importing it starts nothing: each door loads
 * what it needs when it is opened.
 */
import { armLabel } from '../../core/arm-label.ts';
import { offerLibrary } from '../../core/own-module.ts';
import type { Calibration } from '../../core/calibration-types.ts';
import type { Evaluation, Limits } from '../../core/run-types.ts';
import type { JudgeBackend, ScoredTrajectory, Trajectory } from '../../core/trajectory.ts';
import type { Verdict } from '../../core/reward-types.ts';
import type { OpenView, Policy, Split, Suite, Task, ViewName, WorldPool } from '../../core/types.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { WorldPoolOptions } from '../../envs/world-pool.ts';
import type { LabelLine } from '../../judges/calibration/labels.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import type { Table } from '../../reports/tables/table.ts';
import type { TaskSource } from '../../suites/tasks/suite-list.ts';

export { callsOf, keyText } from '../../core/trajectory.ts';
export { randomStream, seedOf } from '../../core/seeds.ts';
export { UsageError } from '../../core/errors.ts';
export { groupAdvantages } from '../../core/statistics/advantage.ts';
export { groupMetrics } from '../../baselines/learning/group-metrics.ts';
export { makePolicyUpdate, policyUpdateChoices, policyUpdateDefaults } from '../../baselines/learning/policy-update.ts';

export type { Calibration } from '../../core/calibration-types.ts';
export type { Facts } from '../../core/facts.ts';
export type { Json, JsonObject } from '../../core/json.ts';
export type { Criterion, Rewards, Rubric, Success, Verdict } from '../../core/reward-types.ts';
export type {
  Evaluation,
  Job,
  Learner,
  LearningEpisode,
  LearningGroup,
  Limits,
  Manifest,
} from '../../core/run-types.ts';
export type { Call, JudgeBackend, Outcome, ScoredTrajectory, Trajectory, Turn } from '../../core/trajectory.ts';
export type {
  Action,
  Decision,
  EpisodeStart,
  Observation,
  OpenView,
  Policy,
  PolicySession,
  Split,
  Suite,
  Task,
  Tool,
  View,
  World,
  WorldParameters,
  WorldPool,
} from '../../core/types.ts';
export type { Episode } from '../../core/record/episode-figures.ts';
export type { Run } from '../../core/record/read-run.ts';
export type { LearnerDefinition } from '../../baselines/learner-definition.ts';
export type { PolicyUpdateOptions } from '../../baselines/learning/policy-update.ts';
export type { Trainable } from '../../baselines/learning/trainable.ts';
export type { PolicyDefinition, PolicyRequest } from '../../baselines/policy-definition.ts';
export type { ModuleServer, ModuleTool } from '../../envs/modules/server.ts';
export type { Evidence, Verifier } from '../../envs/modules/verifier.ts';
export type { WorldPoolOptions } from '../../envs/world-pool.ts';
export type { LabelLine } from '../../judges/calibration/labels.ts';
export type { JudgeContext, JudgeDefinition, OwnJudge, OwnJudgeDefinition } from '../../judges/judge-definition.ts';
export type { Table } from '../../reports/tables/table.ts';

offerLibrary(new URL(import.meta.url));

/** Worlds of MCP servers, `lanes` at a time. Whoever opens it disposes of it, which ends its servers. */
export async function openWorldPool(options: WorldPoolOptions): Promise<WorldPool> {
  const pool = await import('../../envs/world-pool.ts');
  return pool.openWorldPool(options);
}

/** A way of showing tools: `eager`, `native`, `server`, `tool`, `search?k=8` (`envs/views/`). Throws `UsageError` on another name or setting. */
export async function openView(name: ViewName): Promise<OpenView> {
  const { viewNamed } = await import('../../envs/view-list.ts');
  return viewNamed(name);
}

export interface OpenSuiteOptions {
  /** How many tools its tasks are played among, as `--tools` says it: `300`, `300?near=0.2`. Default: those of the suite alone. */
  readonly tools?: string;
  /** With `tools`: the configuration file of an MCP client that servers are drawn from, in place of Toolstone's own. */
  readonly pool?: string;
  /** Share of the names that are replaced in each task, as `--alias` says it: `1`, `0.5?seed=2`. Default: everything goes by its own name. */
  readonly alias?: string;
}

/**
 * A suite by its name, or the one that a task file makes. One is in use at a time: servers that it lists, another may run. Throws
 * `UsageError` with all that is wrong with it, and where so many tools cannot be had.
 */
export async function openSuite(nameOrTaskFile: string, { tools, pool, alias }: OpenSuiteOptions = {}): Promise<Suite> {
  const { readAliasing } = await import('../../envs/aliases/request.ts');
  const { suiteNamed } = await import('../../suites/tasks/suite-list.ts');
  const { withAliases } = await import('../../suites/tasks/with-aliases.ts');
  const { amongDistractors } = await import('./distractors.ts');
  const { distractorChoice } = await import('./distractor-choice.ts');
  const suite = await suiteNamed(await taskSource(nameOrTaskFile));
  const among = amongDistractors(suite, new Set(suite.splits), distractorChoice({ tools, pool }));
  return withAliases(among, alias === undefined ? undefined : readAliasing(alias));
}

/** `isDivided`: tasks of one's own stand in the splits that they say, or else each in its third. */
async function taskSource(nameOrTaskFile: string, isDivided = false): Promise<TaskSource> {
  const { isTaskFile } = await import('../../suites/tasks/suite-list.ts');
  return isTaskFile(nameOrTaskFile) ? { file: nameOrTaskFile, isDivided } : nameOrTaskFile;
}

export interface OpenPolicyOptions {
  readonly suite: Suite;
  /** Default: `tool`. */
  readonly view?: ViewName;
  /** What the oracle is to play, since it knows the reference plans. Default: 1,000 tasks of the split that a run plays. */
  readonly evaluations?: readonly Evaluation[];
}

/** A policy as `--policy` names one: `oracle`, `ollama:MODEL`, `./mine.ts`. Throws `UsageError`. */
export async function openPolicy(name: string, options: OpenPolicyOptions): Promise<Policy> {
  const { policiesOf } = await import('../../baselines/open-policies.ts');
  const { defaultSplit } = await import('../../suites/tasks/samples.ts');
  const { fixedJob } = await import('./jobs.ts');
  const { suite, view = 'tool', evaluations = [{ split: defaultSplit(suite), tasks: 1000 }] } = options;
  return (await policiesOf(fixedJob(name, view, {}, evaluations), suite)).evaluated;
}

/** A judge as `--judge` names one: `code`, `embedded`, `openai:MODEL`, `./mine.ts`. Throws `UsageError`. */
export async function openJudge(name: string, resources: JudgeResources = {}): Promise<JudgeBackend> {
  const { judgeNamed } = await import('../../judges/judge-list.ts');
  return judgeNamed(name, resources);
}

export interface EpisodeOptions {
  readonly suite: Suite;
  readonly task: Task;
  readonly policy: Policy;
  readonly pool: WorldPool;
  readonly view: OpenView;
  /** Of the policy's stream, beside the names of task and repetition. Default: 1. */
  readonly seed?: number;
  /** Tells episodes of one task apart, from 0, which is the default. */
  readonly repetition?: number;
  /** In tokens, in place of what the task asks for or is usual. */
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

/** One episode on a freshly reset world. Rejects on an abort, or with `UsageError` where no world can be made. */
export async function runEpisode(options: EpisodeOptions): Promise<Trajectory> {
  const { suite, task, policy, pool, view, seed = 1, repetition = 0, limits = {} } = options;
  const { signal = new AbortController().signal } = options;
  const { episode } = await import('../../core/run/episode.ts');
  const { fixedJob } = await import('./jobs.ts');
  const job = fixedJob(policy.name, '', {}, [], seed);
  const key = { job: job.name, phase: task.split, task: task.id, repetition };
  const tools = { suite, pool, openView: view, limits, signal };
  return (await episode(job, task, key, policy, 0, tools)).trajectory;
}

/** What the verifier says of a trajectory (the truth), the verdicts of code, and the rewards. Pure. */
export async function score(task: Task, trajectory: Trajectory): Promise<ScoredTrajectory> {
  const rewards = await import('../../judges/reward/rewards.ts');
  return rewards.score(task, trajectory);
}

/** What a judge says of trajectories of one task: a list per trajectory, with a verdict per criterion of the task's rubric. */
export async function askJudge(
  judge: JudgeBackend,
  task: Task,
  trajectories: readonly Trajectory[],
  signal?: AbortSignal,
): Promise<readonly (readonly Verdict[])[]> {
  const { ask } = await import('../../judges/judge-definition.ts');
  return ask(judge, task, trajectories, signal);
}

export interface RunPolicyOptions {
  /** As `--policy` names one; it is opened in threads of its own, so that a module of your own is given by its path. */
  readonly policy: string;
  /** Name of a suite, or path of a task file. */
  readonly suite: string;
  /** Folder of the run; what it holds of this very run is gone on with. */
  readonly out: string;
  /** Default: `tool`. */
  readonly view?: ViewName;
  /** Default: the suite's own, `test` where it has one. */
  readonly split?: Split;
  /** Most tasks. Default: 60. */
  readonly limit?: number;
  /** Episodes of each task. Default: 1. */
  readonly repeats?: number;
  /** Episodes at a time; changes no number. */
  readonly concurrency?: number;
}

/** Runs a policy over a suite's tasks, as `toolstone run` does, without a word. Returns the run's folder. Throws `UsageError`. */
export async function runPolicy(options: RunPolicyOptions): Promise<string> {
  const { policy, suite: suiteName, view = 'tool', limit = 60, repeats = 1, out, concurrency } = options;
  const { defaultSplit } = await import('../../suites/tasks/samples.ts');
  const { fixedJob } = await import('./jobs.ts');
  const { hush } = await import('./printing.ts');
  const { recordJobs } = await import('./run-and-report.ts');
  const { suiteNamed } = await import('../../suites/tasks/suite-list.ts');
  const source = await taskSource(suiteName, options.split !== undefined);
  const suite = await suiteNamed(source);
  const { split = defaultSplit(suite) } = options;
  const tasks = suite.tasks(split, limit).length;
  const evaluations = [{ split, tasks, ...(repeats > 1 ? { repeats } : {}) }];
  const rows = { algorithms: policy, views: armLabel(policy, { view }) };
  hush(true);
  try {
    const jobs = [fixedJob(policy, view, rows, evaluations)];
    return await recordJobs('run', 'library', jobs, { suite: source, out, concurrency, isQuiet: true });
  } finally {
    hush(false);
  }
}

/** A run's manifest, jobs and figures of each episode, its records checked. Throws `UsageError`. */
export async function readRun(folder: string): Promise<Run> {
  const { default: read } = await import('../../core/record/read-run.ts');
  return read(folder);
}

/** Calls `use` with each trajectory of a run, in the order of its file; only one is in memory. */
export async function eachTrajectory(folder: string, use: (trajectory: ScoredTrajectory) => void): Promise<void> {
  const { eachRecord, trajectoryFile } = await import('../../core/record/run-files.ts');
  eachRecord(folder, trajectoryFile, use);
}

/** The tables of runs, pooled by row, those without rows left out. */
export async function makeTables(...runs: readonly Run[]): Promise<readonly Table[]> {
  const { default: knownAttacks } = await import('../../judges/calibration/known-attacks.ts');
  const { tablesOf } = await import('../../reports/write-tables.ts');
  return tablesOf(runs, knownAttacks()).filter(({ rows }) => rows.length > 0);
}

/** A table as text. */
export async function tableText(table: Table, form: 'markdown' | 'csv' | 'json' = 'markdown'): Promise<string> {
  const { tableCsv, tableJson, tableMarkdown } = await import('../../reports/tables/table.ts');
  return { markdown: tableMarkdown, csv: tableCsv, json: tableJson }[form](table);
}

export interface CalibrateOptions {
  /** Folder of a run. */
  readonly run: string;
  readonly judge: JudgeBackend;
  /** A file of labels in JSON Lines (docs/judges.md), or labels. */
  readonly labels: string | readonly LabelLine[];
  /** The task file, where the run was of own tasks. */
  readonly tasks?: string;
  readonly signal?: AbortSignal;
}

/** How far a judge agrees with labels, as `toolstone calibrate` finds it. Throws `UsageError` where they do not fit the run. */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { run: folder, judge, labels, tasks, signal = new AbortController().signal } = options;
  const { readManifest } = await import('../../core/record/read-run.ts');
  const { usualRubric } = await import('../../core/rubric-kinds.ts');
  const { calibrateRun } = await import('../../judges/calibration/calibrate-run.ts');
  const { parseLabels, readLabels } = await import('../../judges/calibration/labels.ts');
  const { recordedSuite } = await import('../../suites/tasks/without-servers.ts');
  const manifest = readManifest(folder);
  const { record } = await calibrateRun({
    folder,
    manifest,
    suite: await recordedSuite(manifest, tasks === undefined ? undefined : { file: tasks }),
    backend: judge,
    rubrics: usualRubric(manifest.suite),
    formula: 'weight-proportional',
    labels: typeof labels === 'string' ? readLabels(labels) : parseLabels(linesOf(labels), 'labels'),
    concurrency: 4,
    onProgress: () => undefined,
    signal,
  });
  return record;
}

const linesOf = (labels: readonly LabelLine[]): string => labels.map((label) => JSON.stringify(label)).join('\n');
