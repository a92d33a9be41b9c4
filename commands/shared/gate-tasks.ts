import { UsageError } from '../../core/errors.ts';
import type { Suite } from '../../core/types.ts';
import type { Blocked } from '../../reports/gate/tasks/blocked.ts';
import type { TasksReference } from '../../reports/gate/tasks/reference.ts';
import { blockedTasks } from '../../suites/own-tasks/blocked.ts';
import { defaultSplit } from '../../suites/tasks/samples.ts';
import { suiteNamed, type TaskFileSource } from '../../suites/tasks/suite-list.ts';

/** The tasks that a gate is of, and which of them can be played. */
export interface GateTasks {
  /** Name of the suite that the task file makes. */
  readonly name: string;
  /** Full ids of the tasks, and their servers. */
  readonly ids: readonly string[];
  readonly servers: readonly string[];
  /** The suite of the tasks that can be played, and where it comes from; `null`: none can. */
  readonly playable: { readonly suite: Suite; readonly source: TaskFileSource } | null;
  /** `null`: all can be played. */
  readonly blocked: Blocked | null;
  /** Task that can be played → which tool it needs that the reference knows and that is gone. */
  readonly lacks: ReadonlyMap<string, string>;
}

/**
 * Opens the tasks. Where a reference is given, a tool or server that it knows and that is gone only blocks the tasks concerned.
 * @throws UsageError for whatever else is wrong with the task file.
 */
export async function gateTasks(source: TaskFileSource, reference: TasksReference | null): Promise<GateTasks> {
  const once = new Map(
    Object.entries(reference?.servers ?? {}).map(
      ([name, { tools }]) => [name, new Set(tools.map((tool) => tool.name))] as const,
    ),
  );
  try {
    const suite = await suiteNamed(source);
    return whole(suite, source, reference === null ? undefined : blockedTasks(source, once)?.lacks);
  } catch (error) {
    if (!(error instanceof UsageError) || reference === null) throw error;
    const found = blockedTasks(source, once);
    if (found === null || found.blocks.size === 0) throw error;
    const { suite: name, ids, servers, rest, lacks } = found;
    const playable = rest && { suite: await suiteNamed(rest), source: rest };
    return { name, ids, servers, playable, blocked: { ...found, servers: found.starting }, lacks };
  }
}

const whole = (
  suite: Suite,
  source: TaskFileSource,
  lacks: GateTasks['lacks'] = new Map<string, string>(),
): GateTasks => ({
  name: suite.name,
  ids: suite.tasks(defaultSplit(suite), Infinity).map(({ id }) => id),
  servers: suite.servers,
  playable: { suite, source },
  blocked: null,
  lacks,
});
