import type { Inspection } from '../../core/goal-types.ts';
import type { Task } from '../../core/types.ts';

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

/** Its servers that it cannot do without, in their order. */
export const neededServers = (task: Task): readonly string[] =>
  task.world.servers.filter((name) => needsServer(task, name));

/** A task on those of its servers that are there; it must not need the others. */
export function taskWithout(task: Task, isThere: (name: string) => boolean): Task {
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
