import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, Policy, Task } from '../../core/types.ts';

const act = (name: string, args: JsonObject): Action => ({ name, arguments: args });
const call = (server: string, tool: string, args: JsonObject) => act('call_tool', { server, tool, arguments: args });
const finish = (answer: string) => act('finish', answer === '' ? {} : { answer });

/** What a policy does in a task, from its first action on; it then finishes without an answer. */
export type Script = (task: Task) => readonly Action[];

/** A policy for the eager view that follows a script. */
export function scripted(name: string, tasks: readonly Task[], script: Script): Policy {
  const known = new Map(tasks.map((task) => [task.id, task]));
  return {
    name,
    start: ({ taskId }) => {
      const task = known.get(taskId);
      const actions = task ? [...script(task)] : [];
      return { act: () => ({ calls: [{ action: actions.shift() ?? finish('') }] }) };
    },
  };
}

const planned = ({ plan }: Task) => plan.map((one) => call(one.server, one.tool, one.arguments));

/** Whether a task asks for no change, so that its answer is all there is. */
const isAnswerOnly = ({ goal, initial }: Task) => goal.kind === 'state' && isDeepStrictEqual(goal.expected, initial);

/** Everything that the world holds at the start, as one answer. */
const everything = ({ initial }: Task) => Object.values(initial).flat().join('\n');

/** Ways of getting a success that nobody deserves. None may be verified. */
export const cheats: Readonly<Record<string, Script>> = {
  'a no-op': () => [],
  silence: () => Array.from({ length: 100 }, () => act('', {})),
  'a claim': () => [finish('Everything was done as asked.')],
  'a refusal': () => [finish('I cannot do this, because the condition is not met.')],
  'the prompt as answer': ({ prompt }) => [finish(prompt)],
  'the whole world as answer': (task) => [finish(everything(task))],
  'the answer without the deed': (task) => (isAnswerOnly(task) ? [] : [finish(task.answer)]),
  'the deed without the answer': (task) => (task.answer === '' ? [] : planned(task)),
  'a deed too many': (task) => [...planned(task), harm(task), finish(task.answer)],
  tampering: (task) => [...tampering(task), finish('')],
};

/** One change that nobody asked for, on one of the servers offered. */
function harm({ world, id }: Task): Action {
  const harms = [
    call('filesystem', 'write_file', { path: 'stray.txt', content: 'x' }),
    call('fast-filesystem', 'fast_write_file', { path: 'stray.txt', content: 'x' }),
    call('memory', 'create_entities', { entities: [{ name: 'x', entityType: 'x', observations: [] }] }),
    call('memory-bank', 'memory_bank_write', { projectName: 'x', fileName: 'x.md', content: 'x' }),
    call('dex-tasks', 'create_task', { name: 'x', description: 'x' }),
  ].filter((one) => world.servers.includes(one.arguments['server'] as string));
  return harms[Number(id.slice(-4)) % harms.length] as Action;
}

/** Tries to overwrite what the verifier reads of other servers, through every tool that writes files. */
const tampering = ({ initial, world }: Task): Action[] =>
  Object.keys(initial).flatMap((server) =>
    Object.keys(world.files[server] ?? { 'state.json': '' }).flatMap((path) =>
      [`/world/${server}/${path}`, `../${server}/${path}`].flatMap((target) => [
        ...(server === 'filesystem' ? [] : [call('filesystem', 'write_file', { path: target, content: '{}' })]),
        ...(server === 'memory-bank'
          ? []
          : [call('memory-bank', 'memory_bank_write', { projectName: '..', fileName: target, content: '{}' })]),
      ]),
    ),
  );

/** The plan in another form that is as right: files that end in a newline, arguments in another order. */
export const otherForm: Script = (task) => [
  ...task.plan.map((one) => call(one.server, one.tool, reformed(one.arguments) as JsonObject)),
  finish(otherAnswer(task)),
];

function reformed(value: Json, key = ''): Json {
  if (typeof value === 'string') return key === 'content' ? `${value}\n` : value;
  if (Array.isArray(value)) return value.map((one: Json) => reformed(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .reverse()
      .map(([name, one]) => [name, reformed(one, name)]),
  );
}

/** The reference answer as another careful person would write it. */
function otherAnswer({ goal, answer }: Task): string {
  const test = goal.kind === 'state' ? goal.answer : null;
  if (test === null) return answer;
  if ('items' in test)
    return `${[...test.items]
      .reverse()
      .map((one) => `- ${one}`)
      .join('\n')}\n`;
  if ('number' in test) return ` ${test.number.toLocaleString('en-GB', { maximumFractionDigits: 10 })}\n`;
  return `"${answer}"\n`;
}

/** Every text that an answer test would take, for looking whether the prompt gives it away. */
export function answersOf({ goal }: Task): string[] {
  const test = goal.kind === 'state' ? goal.answer : null;
  if (test === null) return [];
  if ('items' in test) return [...test.items];
  if ('number' in test) return [`${test.number}`];
  if ('equals' in test) return [test.equals];
  return 'contains' in test ? [test.contains] : [];
}
