import { createHash } from 'node:crypto';
import { eachRecord, trajectoryFile } from '../../../core/record/run-files.ts';
import type { Run } from '../../../core/record/read-run.ts';
import type { Execution } from '../../../core/execution.ts';
import type { Job, Limits } from '../../../core/run-types.ts';
import type { Task, Tool } from '../../../core/types.ts';

/** One task: what a policy was given, and how often it passed. */
export interface TaskRecord {
  readonly id: string;
  readonly prompt: string;
  /** SHA-256 (hex) of the system prompt, whose text stands in `systems`; '' where the task was not played. */
  readonly system: string;
  /** What its checks say, in words. */
  readonly checks: readonly string[];
  /** Part of the task → SHA-256 (hex). */
  readonly parts: Readonly<Record<TaskPart, string>>;
  /** SHA-256 (hex) of the data that it starts with, files that were copied for its servers included; absent in older references. */
  readonly data?: string;
  /** Each time it was played: whether all checks were true at the end; `null`: the episode was void. */
  readonly passed: readonly (boolean | null)[];
}

/** What of a task decides its episodes, its prompt and its servers apart. */
export type TaskPart = 'checks' | 'start' | 'plan' | 'limits';

/** A server as the policy met it. */
export interface ServerRecord {
  readonly package: string;
  readonly tools: readonly Omit<Tool, 'server'>[];
}

/** A policy's play of own tasks: all that a gate compares, whether it was played now or stands in a reference. */
export interface TasksRecord {
  readonly suite: string;
  readonly policy: string;
  /** SHA-256 (hex) of each file that the policy's name holds: weights, templates. */
  readonly policyFiles: readonly string[];
  readonly view: string;
  /** How it calls tools; absent: one call at a time, as in older references. */
  readonly execution?: Execution;
  readonly limits: Limits;
  readonly toolstone: string;
  /** Head of the chain over the run's records; absent where the run is not complete. */
  readonly chainHead?: string;
  readonly servers: Readonly<Record<string, ServerRecord>>;
  /** Hash → text of system prompts. */
  readonly systems: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskRecord[];
}

/** What a run's folder does not say of its tasks and servers. */
export interface Surroundings {
  readonly tasks: readonly Task[];
  /** Folder of the task file: where it lies is no part of a task. */
  readonly folder: string;
  readonly policyFiles: readonly string[];
  /** Tools of each server, which are those that the run met. */
  readonly tools: readonly Tool[];
}

/** What jobs of one policy and view (a job a repeat) did on own tasks. */
export function recordOf(
  run: Run,
  jobs: readonly Job[],
  { tasks, folder, policyFiles, tools }: Surroundings,
): TasksRecord {
  const { suite, limits, toolstone, servers } = run.manifest;
  const names = new Set(jobs.map(({ name }) => name));
  const systemOf = new Map<string, string>();
  eachRecord(run.folder, trajectoryFile, ({ key, system }) => {
    if (names.has(key.job) && !systemOf.has(key.task)) systemOf.set(key.task, system);
  });
  const records = tasks.map((task): TaskRecord => ({
    id: task.id,
    prompt: task.messages?.map(({ text }) => text).join('\n') ?? task.prompt,
    system: systemOf.get(task.id) ?? '',
    checks: task.goal.kind === 'checks' ? task.goal.checks.map(({ name }) => name) : [],
    parts: partsOf(task, folder),
    data: hashOf(task.initial, folder),
    passed: run.episodes
      .filter((episode) => names.has(episode.job) && episode.task === task.id)
      .sort((a, b) => a.seed - b.seed || a.repetition - b.repetition)
      .map(({ success }) => success?.verified ?? null),
  }));
  const shown = [...new Set(records.map(({ system }) => system))].filter((hash) => hash !== '').sort();
  return {
    suite,
    policy: jobs[0]?.policy ?? '',
    policyFiles,
    view: jobs[0]?.view ?? '',
    ...(jobs[0]?.execution ? { execution: jobs[0].execution } : {}),
    limits,
    toolstone: toolstone.version,
    ...(run.chain.kind === 'sealed' ? { chainHead: run.chain.head } : {}),
    servers: Object.fromEntries(
      Object.entries(servers).map(([name, { package: source }]) => [
        name,
        serverRecord(
          source,
          tools.filter(({ server }) => server === name),
        ),
      ]),
    ),
    systems: Object.fromEntries(shown.map((hash) => [hash, run.systems.get(hash) ?? ''])),
    tasks: records,
  };
}

/** A server with its own tools, as it is recorded. */
export const serverRecord = (source: string, tools: readonly Tool[]): ServerRecord => ({
  package: source,
  tools: tools.map(withoutServer),
});

/** Its server's name stands above it already. */
const withoutServer = (tool: Tool): ServerRecord['tools'][number] => {
  const { name, description, inputSchema, title, annotations, outputSchema } = tool;
  return {
    name,
    description,
    inputSchema,
    ...(title === undefined ? {} : { title }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(outputSchema === undefined ? {} : { outputSchema }),
  };
};

function partsOf(
  { goal, world, plan, answer, messages, mostTurns, limits }: Task,
  folder: string,
): TaskRecord['parts'] {
  const hash = (value: unknown): string => hashOf(value, folder);
  return {
    checks: hash(goal),
    start: hash(world),
    plan: hash([plan, answer, ...(messages ? [messages] : [])]),
    limits: hash([mostTurns, limits ?? {}]),
  };
}

/** SHA-256 (hex) of a value in which the folder of the task file has no name. */
const hashOf = (value: unknown, folder: string): string =>
  createHash('sha256')
    .update(JSON.stringify(value).replaceAll(JSON.stringify(folder).slice(1, -1), '{HERE}'))
    .digest('hex');

/** The task as its file calls it: `garden/own/test/carrots` → `carrots`. */
export const shortName = (id: string): string => id.split('/').slice(3).join('/') || id;

/** Most times that a task was played. */
export const repeatsOf = ({ tasks }: Pick<TasksRecord, 'tasks'>): number =>
  Math.max(0, ...tasks.map(({ passed }) => passed.length));
