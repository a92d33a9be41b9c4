import type { Aliasing } from '../../core/alias-types.ts';
import type { Distractors, ToolCount } from '../../core/distractor-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import { addClientServers } from '../../envs/client-servers.ts';
import { suiteNamed, type TaskSource } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { drawnIn, withDistractors, withSizes } from '../../suites/tasks/with-distractors.ts';
import { withoutServers } from '../../suites/tasks/without-servers.ts';

/** A suite as a run plays it, in words that another thread or machine can be told. */
export interface PlayedSuite {
  readonly suite: TaskSource;
  /** Servers that are left out of it. */
  readonly without?: readonly string[];
  /** Servers that are added to it, and the user's file that they were drawn from, if any. */
  readonly distractors?: Distractors | undefined;
  readonly pool?: string | undefined;
  /** Toolspaces of the sizes that jobs name. */
  readonly sizes?: readonly Distractors[] | undefined;
  /** Other names that its tasks go by. */
  readonly aliases?: Aliasing | undefined;
}

/** The suite itself, with the servers that it is played among. Throws `UsageError`. */
export async function playedSuite({
  suite: source,
  without = [],
  distractors,
  pool: poolFile,
  sizes = [],
  aliases,
}: PlayedSuite): Promise<Suite> {
  const own = withoutServers(await suiteNamed(source), without);
  if (distractors && poolFile !== undefined) {
    const drawn = drawnIn(distractors.sets);
    addClientServers(poolFile, { isPlayed: true, isWanted: (name) => drawn.has(name) });
  }
  return remembering(withAliases(withSizes(withDistractors(own, distractors), sizes), aliases));
}

/** The same suite, which makes the tasks that it is asked for again and again, as by batches of a job, once. */
function remembering(suite: Suite): Suite {
  const made = new Map<string, readonly Task[]>();
  const sized = new Map<ToolCount, Suite>();
  const { sizes } = suite;
  return {
    ...suite,
    tasks: (split, count, families) =>
      kept(made, JSON.stringify([split, count, families]), () => suite.tasks(split, count, families)),
    ...(sizes
      ? { sizes: { ...sizes, suiteOf: (tools) => kept(sized, tools, () => remembering(sizes.suiteOf(tools))) } }
      : {}),
  };
}

function kept<Key, Value>(all: Map<Key, Value>, key: Key, make: () => Value): Value {
  const before = all.get(key);
  if (before !== undefined) return before;
  const value = make();
  all.set(key, value);
  return value;
}
