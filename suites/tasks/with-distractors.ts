import type { DistractedSet, Distractors, ToolCount } from '../../core/distractor-types.ts';
import type { Facts } from '../../core/facts.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { listInstead } from '../../envs/server-list.ts';
import { startFacts } from '../../envs/state/start-facts.ts';
import { neededServers, taskWithout } from './task-servers.ts';

/**
 * The same suite among more servers than its tasks need. Whoever changes one of those does damage, as on any server. Names of tools
 * stand in the prompt where the suite has them there, so that toolspaces of all sizes are shown alike. Takes it into use in this
 * thread: of the servers on request those that it surrounds tasks with are listed from now on, and no others.
 */
export function withDistractors(suite: Suite, distractors: Distractors | undefined): Suite {
  // Servers of a user's file are their own; what the suite before this one had listed is run again.
  listInstead(distractors && distractors.pool === undefined ? drawnIn(distractors.sets) : []);
  return distractors ? surrounded(suite, distractors) : suite;
}

function surrounded(suite: Suite, distractors: Distractors): Suite {
  const sets = new Map(distractors.sets.map((set) => [keyOf(set.own, set.ofSuite), setUp(set, distractors)] as const));
  const isByNeed = distractors.sets.some(({ ofSuite }) => ofSuite !== undefined);
  const among = (task: Task): Task => {
    const { servers } = task.world;
    const set = sets.get(isByNeed ? keyOf(neededServers(task), servers) : keyOf(servers));
    if (!set && isByNeed) throw new Error(`no toolspace was made for ${task.id}`);
    return set ? amongOthers(task, set) : task;
  };
  return {
    ...suite,
    distractors,
    tasks: (...asked) => suite.tasks(...asked).map(among),
  };
}

/** The same suite, with itself among the toolspaces of each size that jobs name, taken into use as by `withDistractors`. */
export function withSizes(suite: Suite, all: readonly Distractors[]): Suite {
  if (all.length === 0) return suite;
  listInstead(drawnIn(all.flatMap(({ sets }) => sets)).difference(new Set(suite.servers)));
  const suites = new Map(all.map((one) => [one.asked, surrounded(suite, one)] as const));
  const suiteOf = (tools: ToolCount): Suite => {
    const sized = suites.get(String(tools));
    if (!sized) throw new Error(`no toolspaces of ${tools} tools were made`);
    return sized;
  };
  return { ...suite, sizes: { all, suiteOf } };
}

/** The sets of servers that a suite's tasks of some splits need, each once. */
export function ownSetsOf(suite: Suite, played: ReadonlySet<Split>): readonly (readonly string[])[] {
  // House tasks of a split have the same servers, all of them.
  const all = [...played].flatMap((split) =>
    suite.tasks(split, suite.isOwn ? Infinity : 1).map(({ world }) => world.servers),
  );
  return [...new Map(all.map((set) => [keyOf(set), set])).values()];
}

/** The servers of toolspaces that their tasks do not need. */
export const drawnIn = (sets: readonly DistractedSet[]): ReadonlySet<string> =>
  new Set(sets.flatMap(({ own, servers }) => servers.filter((name) => !own.includes(name))));

const keyOf = (own: readonly string[], ofSuite: readonly string[] = []): string => [...own, '', ...ofSuite].join('\n');

interface Surroundings {
  readonly servers: readonly string[];
  /** Of the distractors that keep anything. */
  readonly facts: Facts;
}

function setUp({ own, servers }: DistractedSet, { facts: given = {}, pool }: Distractors): Surroundings {
  const distractors = servers.filter((name) => !own.includes(name));
  const facts = pool === undefined ? startFacts(distractors) : given;
  const entries = distractors.flatMap((name) => (facts[name] ? [[name, facts[name]] as const] : []));
  return { servers, facts: Object.fromEntries(entries) };
}

function amongOthers(asSuite: Task, { servers, facts: added }: Surroundings): Task {
  const isThere = (name: string) => servers.includes(name);
  const task = asSuite.world.servers.every(isThere) ? asSuite : taskWithout(asSuite, isThere);
  const { world, initial, goal } = task;
  // What the task does not need, and its suite offers, begins as there.
  const facts = Object.fromEntries(Object.entries(added).filter(([name]) => !world.servers.includes(name)));
  // Families give files to servers that their suite does not offer, too: distractors begin empty.
  const files = Object.entries(world.files).filter(([name]) => world.servers.includes(name));
  return {
    ...task,
    world: { ...world, servers, files: Object.fromEntries(files) },
    initial: { ...initial, ...facts },
    goal: goal.kind === 'state' ? { ...goal, expected: { ...goal.expected, ...facts } } : goal,
  };
}
