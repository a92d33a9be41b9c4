import type { Distractors, ToolCount } from '../../core/distractor-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { chosenDistractors } from '../../envs/distractors/choice.ts';
import { housePool, sizedSet } from '../../envs/distractors/pool.ts';
import { neededServers } from '../../suites/tasks/task-servers.ts';
import { withSizes } from '../../suites/tasks/with-distractors.ts';
import { refuseHomeless } from './distractors.ts';
import { playedBy, type Played } from './played-tasks.ts';

/**
 * A suite with the toolspaces of the sizes that jobs name, around the tasks that they play in each; `undefined` where they name none.
 * They are nested, and the same for every job. Servers of the suite's held-out split are never drawn.
 * @throws UsageError where so many tools cannot be had, or the user asked for a size of the whole run too.
 */
export function inSizes(suite: Suite, jobs: readonly Job[]): Suite | undefined {
  const bySize = Map.groupBy(jobs.flatMap(playedBy), ({ tools }) => tools);
  bySize.delete(undefined);
  if (bySize.size === 0) return undefined;
  if (chosenDistractors())
    throw new UsageError('These jobs are played among toolspaces of their own sizes: leave out --tools and --pool.');
  const pool = housePool(new Set([...suite.servers, ...suite.heldOutServers]));
  const sizes = [...bySize].map(([tools, played]) => sizeOf(suite, pool, tools as ToolCount, played));
  const offered = new Set(sizes.flatMap(({ sets }) => sets.flatMap(({ servers }) => servers)));
  const here = withSizes(suite, sizes);
  for (const name of offered) refuseHomeless(name);
  return here;
}

/** What is played in a toolspace. */
interface Need {
  readonly names: readonly string[];
  readonly ofSuite: readonly string[];
  readonly measured: Set<string>;
}

function sizeOf(suite: Suite, pool: readonly string[], tools: ToolCount, played: readonly Played[]): Distractors {
  const needs = new Map<string, Need>();
  for (const { split, count, families, isMeasured } of uniquePlayed(played)) {
    for (const task of suite.tasks(split, count, families)) {
      const names = neededServers(task);
      const ofSuite = task.world.servers;
      const key = JSON.stringify([names, ofSuite]);
      const need = needs.get(key) ?? { names, ofSuite, measured: new Set<string>() };
      needs.set(key, need);
      if (isMeasured) need.measured.add(task.id);
    }
  }
  const sets = [...needs.values()].map(({ names, ofSuite, measured }) => ({
    ...sizedSet(names, ofSuite, pool, tools),
    tasks: [...measured],
  }));
  return { asked: String(tools), sets };
}

/** Jobs of several seeds play the same. */
const uniquePlayed = (played: readonly Played[]): readonly Played[] => [
  ...new Map(played.map((one) => [JSON.stringify(one), one])).values(),
];
