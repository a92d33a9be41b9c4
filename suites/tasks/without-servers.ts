import type { Inspection } from '../../core/goal-types.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import { suiteNamed, type TaskFileSource } from './suite-list.ts';
import { withDistractors } from './with-distractors.ts';

/** The same suite on a machine where some servers can live nowhere. Its tasks must not need them. */
export function withoutServers(suite: Suite, names: readonly string[]): Suite {
  if (names.length === 0) return suite;
  const isThere = (name: string) => !names.includes(name);
  return {
    ...suite,
    servers: suite.servers.filter(isThere),
    heldOutServers: suite.heldOutServers.filter(isThere),
    tasks: (...asked) => suite.tasks(...asked).map((task) => taskWithout(task, isThere)),
  };
}

/** The suite of a recorded run, as it was played; `file` is the task file where the run was of own tasks. Throws `UsageError`. */
export const recordedSuite = async (
  { suite, withoutServers: names = [], distractors, jobs }: Pick<Manifest, RecordedParts>,
  file?: TaskFileSource,
): Promise<Suite> =>
  withDistractors(
    withoutServers(await suiteNamed(file ? { ...file, isDivided: isDivided(jobs) } : suite), names),
    distractors,
  );

type RecordedParts = 'suite' | 'withoutServers' | 'distractors' | 'jobs';

/** Whether a run needs to know the splits of own tasks: where they are all of `test` each has the same id there. */
const isDivided = (jobs: Manifest['jobs']): boolean =>
  jobs.some(({ training, evaluations }) => training !== null || evaluations.some(({ split }) => learntFrom.has(split)));

const learntFrom: ReadonlySet<string> = new Set(['train', 'validation']);

/** Whether a task cannot be done, or decided, without a server. */
export function needsServer({ plan, world, goal, initial }: Task, name: string): boolean {
  const isOf = (one: object): boolean => 'server' in one && one.server === name;
  if (plan.some(isOf) || (world.setUp ?? []).some(isOf)) return true;
  if (goal.kind === 'state') return JSON.stringify(goal.expected[name]) !== JSON.stringify(initial[name]);
  return (
    goal.checks.some(isOf) || goal.inspections.some((one) => isOf(one) || one.kind === 'module' || isIn(one, name))
  );
}

const isIn = (one: Inspection, server: string): boolean =>
  one.kind === 'script' && one.command.join(' ').includes(`{${server}}`);

function taskWithout(task: Task, isThere: (name: string) => boolean): Task {
  const { world, initial, goal } = task;
  const rest = <Value>(entries: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => isThere(name)));
  return {
    ...task,
    world: { ...world, servers: world.servers.filter(isThere), files: rest(world.files) },
    initial: rest(initial),
    goal: goal.kind === 'state' ? { ...goal, expected: rest(goal.expected) } : goal,
  };
}
