import { UsageError } from '../../core/errors.ts';
import type { MetaTool, OpenView, Task, WorldParameters } from '../../core/types.ts';
import { shownToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { openedOver } from '../../envs/view-parts/opened-over.ts';

/** What a policy is offered whatever the task: the functions of a view, and whose servers they are where they hang on servers. */
export interface SharedTools {
  readonly metaTools: readonly MetaTool[];
  /** Absent: of any. */
  readonly servers?: readonly string[];
}

/**
 * What trainers can bind before the first task. In a view with functions of tools these are the functions of all `tasks`, which have
 * to offer the same servers by the same names. Throws `UsageError` where they do not.
 */
export function sharedTools(openView: OpenView, tasks: () => readonly Task[]): SharedTools {
  const { name, metaTools, functions } = openedOver(openView);
  if (!functions) return { metaTools };
  const [first, ...rest] = tasks();
  if (!first) throw new UsageError(`The view ${name} offers the functions of a task, and there is no task to serve.`);
  const { servers, aliases } = first.world;
  if (aliases)
    throw new UsageError(
      `The view ${name} offers other functions in each task, since --alias names its tools anew, and trainers fix their tools before the first. ` +
        'Choose another view, such as eager or search, or leave out --alias.',
    );
  const other = rest.find(({ world }) => !isSame(world.servers, servers));
  if (!other) return { metaTools: metaToolsOf(openView, first.world), servers };
  throw new UsageError(
    `The view ${name} offers other functions in each task, by the task's servers, and trainers fix their tools before the first: ` +
      `${other.id} has other servers than ${first.id}. Choose another view, such as eager or search.`,
  );
}

/** Whether two tasks offer the same servers, in any order. */
export const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join('\n') === others.toSorted().join('\n');

/**
 * What a policy is offered by a view over a task's servers: the meta-tools, which are the same without any, or functions of their tools.
 * Throws `UsageError` where a server does not start.
 */
export const metaToolsOf = (
  openView: OpenView,
  world?: Pick<WorldParameters, 'servers' | 'aliases'>,
): readonly MetaTool[] => openedOver(openView, world && shownToolspace(world)).metaTools;

/** Whether a view offers functions of the tools, which differ by task. */
export const hasFunctions = (openView: OpenView): boolean => openedOver(openView).functions !== undefined;
