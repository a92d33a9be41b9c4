import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../core/json.ts';
import { type Difference, jsonDifference, textDifference } from '../../../core/drift/differences.ts';
import { hashDifference, mapOf, namedDrift, type Drift } from '../../../core/drift/drift.ts';
import { toolsDrift } from '../../../core/drift/tools.ts';
import { shortName, type TaskPart, type TaskRecord, type TasksRecord } from './record.ts';

/** All that is not as in the reference but what the policy itself did. */
export const driftOf = (before: TasksRecord, now: TasksRecord): Drift[] => [
  ...policyDrift(before, now),
  ...namedDrift(mapOf(before.servers), mapOf(now.servers), 'server', (name, was, is) =>
    toolsDrift(name, was.tools, is.tools),
  ),
  ...taskDrift(before, now),
  ...systemDrift(before, now),
];

/**
 * Servers of which tools came or went: a system prompt that names them changes with that, which is the same drift once more.
 */
const serversWithOtherTools = (before: TasksRecord, now: TasksRecord): string[] =>
  Object.keys(now.servers).filter((name) => {
    const [was, is] = [before.servers[name], now.servers[name]];
    return was !== undefined && is !== undefined && toolNames(was) !== toolNames(is);
  });

const toolNames = ({ tools }: TasksRecord['servers'][string]): string => tools.map(({ name }) => name).join(', ');

function* policyDrift(before: TasksRecord, now: TasksRecord): Generator<Drift> {
  const titles = {
    policy: 'The policy or model',
    view: 'The view',
    execution: 'The execution',
    limits: 'The limits in tokens',
  };
  for (const key of ['policy', 'view', 'execution', 'limits'] as const) {
    const [was, is] = [{ execution: 'calls', ...before }[key], { execution: 'calls', ...now }[key]];
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

function* taskDrift(before: TasksRecord, now: TasksRecord): Generator<Drift> {
  yield* namedDrift(tasksByName(before), tasksByName(now), 'task', function* (name, was, is) {
    if (was.prompt !== is.prompt)
      yield { what: `The prompt of the task ${name} changed`, difference: textDifference(was.prompt, is.prompt) };
    for (const [part, words] of Object.entries(taskParts) as [TaskPart, string][])
      if (was.parts[part] !== is.parts[part])
        yield { what: `${words} of the task ${name} changed`, difference: partDifference(part, was, is) };
    // Where the task file says something else, that is told already.
    if (was.parts.start === is.parts.start && was.data !== undefined && is.data !== undefined && was.data !== is.data)
      yield {
        what: `The files that the task ${name} starts with changed`,
        difference: hashDifference(shortHash(was.data), shortHash(is.data)),
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
  return hashDifference(shortHash(before.parts[part]), shortHash(now.parts[part]));
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
