import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../core/json.ts';
import { type Difference, jsonDifference, textDifference } from './differences.ts';
import { shortName, type ServerRecord, type TaskPart, type TaskRecord, type TasksRecord } from './record.ts';

/** One thing that a policy was given otherwise than in the reference. */
export interface Drift {
  /** e.g. `The description of the tool read_note of server notes changed`. */
  readonly what: string;
  readonly difference: Difference;
}

/** All that is not as in the reference but what the policy itself did. */
export const driftOf = (before: TasksRecord, now: TasksRecord): Drift[] => [
  ...policyDrift(before, now),
  ...named(mapOf(before.servers), mapOf(now.servers), 'server', serverDrift),
  ...taskDrift(before, now),
  ...systemDrift(before, now),
];

/**
 * Servers of which tools came or went: a system prompt that names them changes with that, which is the same drift once more.
 */
const serversWithOtherTools = (before: TasksRecord, now: TasksRecord): string[] =>
  Object.keys(now.servers).filter((name) => {
    const [was, is] = [before.servers[name], now.servers[name]];
    return was !== undefined && is !== undefined && orderOf(was) !== orderOf(is);
  });

function* policyDrift(before: TasksRecord, now: TasksRecord): Generator<Drift> {
  const titles = { policy: 'The policy or model', view: 'The view', limits: 'The limits in tokens' };
  for (const key of ['policy', 'view', 'limits'] as const) {
    const [was, is] = [before[key], now[key]];
    if (!isDeepStrictEqual(was, is))
      yield {
        what: `${titles[key]} changed`,
        difference: jsonDifference(was as unknown as Json, is as unknown as Json),
      };
  }
  if (before.policy === now.policy && !isDeepStrictEqual(before.policyFiles, now.policyFiles)) {
    const line = (sign: string, files: readonly string[]) =>
      `${sign} SHA-256 ${files.map(shortHash).join(', ') || 'none'}`;
    yield {
      what: `The files of the model ${now.policy} changed`,
      difference: [line('-', before.policyFiles), line('+', now.policyFiles)],
    };
  }
}

const mapOf = <T>(record: Readonly<Record<string, T>>): Map<string, T> => new Map(Object.entries(record));

/** What was added and removed of named things, and how those that stayed changed. */
function* named<T>(
  before: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
  noun: string,
  changed: (name: string, before: T, now: T) => Iterable<Drift>,
  of = '',
): Generator<Drift> {
  for (const [name, was] of before) {
    const is = now.get(name);
    if (is === undefined) yield { what: `The ${noun} ${name}${of} was removed`, difference: [`- ${name}`] };
    else yield* changed(name, was, is);
  }
  for (const name of now.keys())
    if (!before.has(name)) yield { what: `The ${noun} ${name}${of} was added`, difference: [`+ ${name}`] };
}

function* serverDrift(server: string, before: ServerRecord, now: ServerRecord): Generator<Drift> {
  const of = ` of server ${server}`;
  const found = [
    ...named(toolsByName(before), toolsByName(now), 'tool', (name, was, is) => toolDrift(name, of, was, is), of),
  ];
  yield* found;
  if (found.length === 0 && orderOf(before) !== orderOf(now))
    yield { what: `The order of the tools${of} changed`, difference: [`- ${orderOf(before)}`, `+ ${orderOf(now)}`] };
}

const toolsByName = ({ tools }: ServerRecord) => new Map(tools.map((tool) => [tool.name, tool]));
const orderOf = ({ tools }: ServerRecord): string => tools.map(({ name }) => name).join(', ');

type ToolRecord = ServerRecord['tools'][number];

function* toolDrift(name: string, of: string, before: ToolRecord, now: ToolRecord): Generator<Drift> {
  for (const { part, difference } of toolChanges(before, now))
    yield { what: `The ${part} of the tool ${name}${of} changed`, difference };
}

/** One part of what a server says of a tool, e.g. its description, that is not as it was. */
export interface ToolChange {
  readonly part: string;
  readonly difference: Difference;
}

export function* toolChanges(before: ToolRecord, now: ToolRecord): Generator<ToolChange> {
  if (before.description !== now.description)
    yield { part: 'description', difference: textDifference(before.description, now.description) };
  for (const [key, part] of toolParts) {
    const [was, is] = [before[key], now[key]];
    if (JSON.stringify(was) !== JSON.stringify(is)) yield { part, difference: jsonDifference(was, is) };
  }
}

const toolParts = [
  ['inputSchema', 'schema'],
  ['outputSchema', 'output schema'],
  ['title', 'title'],
  ['annotations', 'annotations'],
] as const;

function* taskDrift(before: TasksRecord, now: TasksRecord): Generator<Drift> {
  yield* named(tasksByName(before), tasksByName(now), 'task', function* (name, was, is) {
    if (was.prompt !== is.prompt)
      yield { what: `The prompt of the task ${name} changed`, difference: textDifference(was.prompt, is.prompt) };
    for (const [part, words] of Object.entries(taskParts) as [TaskPart, string][])
      if (was.parts[part] !== is.parts[part])
        yield { what: `${words} of the task ${name} changed`, difference: partDifference(part, was, is) };
    // Where the task file says something else, that is told already.
    if (was.parts.start === is.parts.start && was.data !== undefined && is.data !== undefined && was.data !== is.data)
      yield {
        what: `The files that the task ${name} starts with changed`,
        difference: [`- SHA-256 ${shortHash(was.data)}`, `+ SHA-256 ${shortHash(is.data)}`],
      };
  });
}

const tasksByName = ({ tasks }: TasksRecord) => new Map(tasks.map((task) => [shortName(task.id), task]));

const taskParts: Readonly<Record<TaskPart, string>> = {
  checks: 'The checks',
  start: 'The servers, files or set-up calls',
  plan: 'The plan or answer',
  limits: 'The limits',
};

function partDifference(part: TaskPart, before: TaskRecord, now: TaskRecord): Difference {
  if (part === 'checks' && !isDeepStrictEqual(before.checks, now.checks))
    return textDifference(before.checks.join('\n'), now.checks.join('\n'));
  return [`- SHA-256 ${shortHash(before.parts[part])}`, `+ SHA-256 ${shortHash(now.parts[part])}`];
}

/** Tasks that changed from one text to another are told together. */
function* systemDrift(before: TasksRecord, now: TasksRecord): Generator<Drift> {
  const earlier = new Map(before.tasks.map((task) => [task.id, task]));
  const toldServers = serversWithOtherTools(before, now);
  const bare = (text: string): string =>
    text
      .split('\n')
      .filter((line) => !toldServers.some((name) => line.startsWith(`- ${name}: `)))
      .join('\n');
  const changed = now.tasks.flatMap((task) => {
    const was = earlier.get(task.id)?.system ?? '';
    return was === '' || task.system === '' || was === task.system ? [] : [{ task, was }];
  });
  for (const group of Map.groupBy(changed, ({ task, was }) => `${was} ${task.system}`).values()) {
    const [first] = group;
    if (!first) continue;
    const [was, is] = [before.systems[first.was] ?? '', now.systems[first.task.system] ?? ''];
    if (bare(was) === bare(is)) continue;
    yield {
      what: `The system prompt of ${group.map(({ task }) => shortName(task.id)).join(', ')} changed`,
      difference: textDifference(was, is),
    };
  }
}

const shortHash = (hash: string): string => hash.slice(0, 12);
