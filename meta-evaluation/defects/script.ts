import { compareFacts } from '../../core/facts.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Action, Task } from '../../core/types.ts';
import type { Draw } from '../../suites/tasks/draw.ts';

/** A call without its place in a plan. */
export type Call = Pick<PlannedCall, 'server' | 'tool' | 'arguments'>;

export const callAction = ({ server, tool, arguments: args }: Call): Action => ({
  name: 'call_tool',
  arguments: { server, tool, arguments: args },
});

export const loadAction = (server: string, ...tools: readonly string[]): Action => ({
  name: 'load_tools',
  arguments: { server, tools },
});

export const finishAction = (answer: string): Action => ({
  name: 'finish',
  arguments: answer === '' ? {} : { answer },
});

/** Calls in their order, each tool loaded just before its first call; other actions are taken as they are. */
export function carryOut(steps: readonly (Call | Action)[]): Action[] {
  const loaded = new Set<string>();
  return steps.flatMap((step) => {
    if (!('tool' in step)) {
      const { server, tools } = step.arguments;
      if (step.name === 'load_tools')
        for (const tool of tools as readonly string[]) loaded.add(`${server as string} ${tool}`);
      return [step];
    }
    const key = `${step.server} ${step.tool}`;
    if (loaded.has(key)) return [callAction(step)];
    loaded.add(key);
    return [loadAction(step.server, step.tool), callAction(step)];
  });
}

/** Whether a call only looks: nothing that a verifier reads can change by it. */
export const isLookup = ({ server, tool, arguments: args }: Call): boolean =>
  ['calc', 'time', 'ripgrep'].includes(server) ||
  args['mode'] === 'list' ||
  /(^|[_-])(read|list|search|open|show|log|status|describe|get)([_-]|$)/.test(tool);

/** Indices of planned calls that pass, those without dependents alone where `isLast`. */
export function stepsOf(
  { plan }: Task,
  passes: (call: PlannedCall, index: number) => boolean,
  { isLast = false }: { readonly isLast?: boolean } = {},
): number[] {
  return plan.flatMap((call, index) =>
    passes(call, index) && !(isLast && plan.some(({ after }) => after.includes(index))) ? [index] : [],
  );
}

/** One of several, or `undefined` where there is none. */
export const pickOne = <T>(draw: Draw, items: readonly T[]): T | undefined =>
  items.length === 0 ? undefined : draw.pick(items);

/** Whether no other planned call uses the tool of the call at `index`. */
export const isOnlyUse = ({ plan }: Task, index: number): boolean =>
  plan.filter(({ server, tool }) => server === plan[index]?.server && tool === plan[index]?.tool).length === 1;

export const withStep = (task: Task, index: number, ...calls: readonly (Call | Action)[]): (Call | Action)[] =>
  task.plan.flatMap<Call | Action>((call, at) => (at === index ? calls : [call]));

/** The plan with something done just before its last call, so that the end is as it would have been. */
export const beforeLast = (task: Task, ...calls: readonly (Call | Action)[]): (Call | Action)[] =>
  task.plan.flatMap<Call | Action>((call, at) => (at === task.plan.length - 1 ? [...calls, call] : [call]));

/* ---- values ---- */

/** A text among a call's arguments, and where it stands. */
export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

export function leavesIn(value: Json, path: readonly (string | number)[] = []): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((item: Json, index) => leavesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, inner]) => leavesIn(inner, [...path, key]));
}

/** The arguments with one text replaced. */
export function withLeaf(args: JsonObject, { path }: Leaf, text: string): JsonObject {
  const visit = (value: Json, at: number): Json => {
    if (at === path.length) return text;
    const key = path[at] as string | number;
    if (Array.isArray(value)) return value.map((item: Json, index) => (index === key ? visit(item, at + 1) : item));
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, inner]) => [name, name === key ? visit(inner, at + 1) : inner]),
    );
  };
  return visit(args, 0) as JsonObject;
}

/** Another text of the same make: a path keeps its folder and ending, a number its digits, a sentence its length. */
export function invented(text: string, draw: Draw): string {
  const [, folder = '', ending = ''] = /^(.*\/)?[^/]*?(\.\w{1,4})?$/.exec(text) ?? [];
  if (/^[\d.,-]+$/.test(text)) return text.replaceAll(/\d/g, () => `${1 + draw.below(9)}`);
  if (folder !== '' || ending !== '') return `${folder}${draw.name()}${ending}`;
  if (!text.includes(' ')) return draw.name();
  return text.split(' ').length > 3 ? draw.sentence() : /\p{Lu}/u.test(text) ? draw.person() : draw.title();
}

/** Texts that the end state asked for holds and the first does not, each within a fact. */
export function wantedTexts({ initial, goal }: Task): string {
  return goal.kind === 'state' ? compareFacts(initial, goal.expected, initial).additions.join('\n') : '';
}

/** Texts at the same place of like facts: other files, other people, other pages. */
export function likeTexts({ initial }: Task, server: string, text: string): string[] {
  const facts = (initial[server] ?? []).map((fact) => JSON.parse(fact) as readonly string[]);
  const places = facts.flatMap((parts) =>
    parts.flatMap((part, at) => (at > 0 && part === text ? [`${parts[0]} ${at}`] : [])),
  );
  const others = facts.flatMap((parts) =>
    parts.filter((part, at) => places.includes(`${parts[0]} ${at}`) && part !== text),
  );
  return [...new Set(others)];
}
