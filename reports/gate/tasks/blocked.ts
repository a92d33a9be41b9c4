import type { Block } from '../../../core/block.ts';
import type { Tool } from '../../../core/types.ts';
import { serverRecord, type TasksRecord } from './record.ts';
import type { TasksReference } from './reference.ts';

/** What is known now of tasks that cannot all be played. */
export interface Blocked {
  /** Name of the suite that the task file makes. */
  readonly suite: string;
  readonly blocks: ReadonlyMap<string, Block>;
  /** Servers that start, with what they offer now. */
  readonly servers: readonly { readonly name: string; readonly package: string; readonly tools: readonly Tool[] }[];
}

/**
 * The record of now with the tasks that were blocked as the reference has them, so that they drift in nothing but their servers. A
 * task whose tool is gone passed in none of its episodes; one whose server does not start has none, and the server is as in the
 * reference. `now` is `null` where no task was played.
 */
export function withBlocked(
  now: TasksRecord | null,
  reference: TasksReference,
  { suite, blocks, servers }: Blocked,
): TasksRecord {
  const { kind: _kind, version: _version, reason: _reason, ...before } = reference;
  const { chainHead: _chainHead, ...unplayed } = before;
  const blockedTasks = before.tasks.flatMap((task) => {
    const block = blocks.get(task.id);
    return block ? [{ ...task, passed: block.what === 'tool' ? task.passed.map(() => false) : [] }] : [];
  });
  const starting = servers.map(({ name, package: source, tools }) => [name, serverRecord(source, tools)] as const);
  return {
    ...(now ?? unplayed),
    suite,
    servers: { ...before.servers, ...now?.servers, ...Object.fromEntries(starting) },
    systems: { ...before.systems, ...now?.systems },
    tasks: [...(now?.tasks ?? []), ...blockedTasks],
  };
}
