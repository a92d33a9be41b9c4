import type { DistractedSet, Distractors } from '../../core/distractor-types.ts';
import type { Facts } from '../../core/facts.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { listInstead } from '../../envs/server-list.ts';
import { startFacts } from '../../envs/state/start-facts.ts';

/**
 * The same suite among more servers than its tasks need. Whoever changes one of those does damage, as on any server. Names of tools
 * stand in the prompt where the suite has them there, so that toolspaces of all sizes are shown alike. Takes it into use in this
 * thread: of the servers on request those that it surrounds tasks with are listed from now on, and no others.
 */
export function withDistractors(suite: Suite, distractors: Distractors | undefined): Suite {
  // Servers of a user's file are their own; what the suite before this one had listed is run again.
  listInstead(distractors && distractors.pool === undefined ? drawnIn(distractors.sets) : []);
  if (!distractors) return suite;
  const sets = new Map(distractors.sets.map((set) => [keyOf(set.own), setUp(set, distractors)] as const));
  const among = (task: Task): Task => {
    const set = sets.get(keyOf(task.world.servers));
    return set ? amongOthers(task, set) : task;
  };
  return {
    ...suite,
    distractors,
    tasks: (...asked) => suite.tasks(...asked).map(among),
  };
}

/** The sets of servers that a suite's tasks of some splits need, each once. */
export function ownSetsOf(suite: Suite, played: ReadonlySet<Split>): readonly (readonly string[])[] {
  const { servers, heldOutServers, isOwn, tasks } = suite;
  const all = [...played].flatMap((split) => {
    if (isOwn) return tasks(split, Infinity).map(({ world }) => world.servers);
    return [split === 'held-out-server' ? heldOutServers : servers];
  });
  return [...new Map(all.map((set) => [keyOf(set), set])).values()];
}

/** The servers of toolspaces that their tasks do not need. */
export const drawnIn = (sets: readonly DistractedSet[]): ReadonlySet<string> =>
  new Set(sets.flatMap(({ own, servers }) => servers.filter((name) => !own.includes(name))));

const keyOf = (servers: readonly string[]): string => servers.join('\n');

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

function amongOthers(task: Task, { servers, facts }: Surroundings): Task {
  const { world, initial, goal } = task;
  // Families give files to servers that their suite does not offer, too: distractors begin empty.
  const files = Object.entries(world.files).filter(([name]) => world.servers.includes(name));
  return {
    ...task,
    world: { ...world, servers, files: Object.fromEntries(files) },
    initial: { ...initial, ...facts },
    goal: goal.kind === 'state' ? { ...goal, expected: { ...goal.expected, ...facts } } : goal,
  };
}
