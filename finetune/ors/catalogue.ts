import { UsageError } from '../../core/errors.ts';
import { seedOf } from '../../core/seeds.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { MetaTool, OpenView, Split, Suite, Task } from '../../core/types.ts';
import { boundTools, type BoundTools } from './bound-tools.ts';
import { Refusal } from './http.ts';
import { isSame, sharedTools } from './offered-tools.ts';

export interface CatalogueOptions {
  readonly suite: Suite;
  /** Tasks offered of every split. */
  readonly tasks: number;
  /** Only these families, in rotation. */
  readonly families?: readonly string[];
  readonly openView: OpenView;
}

/** Where a task stands. */
export interface TaskPlace {
  readonly task: Task;
  readonly split: Split;
  readonly index: number;
}

/** What the server offers before any session: splits, tasks by number, and the tools that tasks share. */
export interface Catalogue {
  /** Name of the environment in paths and bodies. */
  readonly environment: string;
  readonly splits: () => readonly { readonly name: string; readonly type: string }[];
  readonly tools: () => JsonObject;
  /** Whether a task offers other tools than those, which only a view with functions of the tools does. */
  readonly isOther: (place: TaskPlace) => boolean;
  readonly count: (split: Json | undefined) => number;
  /** Throws `Refusal`. */
  readonly at: (split: Json | undefined, index: Json | undefined) => TaskPlace;
  /** The task of a specification that `specOf` made. Throws `Refusal`. */
  readonly ofSpec: (spec: JsonObject) => TaskPlace;
}

/**
 * Not listed among the tools: the client's way to say that the policy stopped without `finish`. The episode then earns what
 * its end state earns.
 */
export const leaveTool = 'leave_unfinished';

const leaveDescription =
  'Ends an episode that the policy left without a call of finish; it earns what the state of the world earns.';

/** @throws UsageError for a family that the suite lacks, and for tools that trainers cannot fix or bind. */
export function openCatalogue({ suite, tasks: most, families, openView }: CatalogueOptions): Catalogue {
  const environment = suite.name.toLowerCase().replace(/[^\w.-]+/g, '-');
  const tasksBySplit = new Map<Split, readonly Task[]>();
  const tasksOf = (split: Split): readonly Task[] => {
    let tasks = tasksBySplit.get(split);
    if (!tasks) tasksBySplit.set(split, (tasks = suite.tasks(split, most, families)));
    return tasks;
  };
  const ofName = (split: Json | undefined): { readonly split: Split; readonly tasks: readonly Task[] } => {
    const name = suite.splits.find((one) => one === split);
    if (!name)
      throw new Refusal(400, `There is no split ${JSON.stringify(split)}. Splits: ${suite.splits.join(', ')}.`);
    try {
      return { split: name, tasks: tasksOf(name) };
    } catch (error) {
      if (error instanceof UsageError) throw new Refusal(400, error.message);
      throw error;
    }
  };
  if (families) refuseUnknown(suite, families);
  const shared = sharedTools(openView, () => {
    const learnt = suite.splits.includes('train') ? tasksOf('train') : [];
    return learnt.length > 0 ? learnt : suite.splits.flatMap(tasksOf);
  });
  const tools = toolList(bindable(shared.metaTools));
  const at: Catalogue['at'] = (given, index) => {
    const { split, tasks } = ofName(given);
    const task = typeof index === 'number' ? tasks[index] : undefined;
    if (!task)
      throw new Refusal(
        400,
        `Split ${split} has no task ${JSON.stringify(index)}: ${tasks.length === 0 ? 'it has none' : `its tasks are 0 to ${tasks.length - 1}`}.`,
      );
    return { task, split, index: index as number };
  };
  return {
    environment,
    splits: () =>
      suite.splits
        .filter((name) => !suite.isOwn || tasksOf(name).length > 0)
        .map((name) => ({ name, type: name === 'train' || name === 'validation' ? name : 'test' })),
    tools: () => tools,
    isOther: ({ task }) => shared.servers !== undefined && !isSame(task.world.servers, shared.servers),
    count: (split) => ofName(split).tasks.length,
    at,
    ofSpec: (spec) => {
      const place = at(spec['split'], spec['index']);
      const expected = specOf(place);
      const other = ['task_id', 'seed'].find((key) => spec[key] !== undefined && spec[key] !== expected[key]);
      if (other !== undefined)
        throw new Refusal(
          400,
          `The specification is not of this server's task ${place.task.id}: its ${other} is ${JSON.stringify(expected[other])}. Fetch the tasks anew.`,
        );
      return place;
    },
  };
}

/** Flat and of one type for every task, since trainers make columns of it. `seed` is that of the world's clocks and chance. */
export function specOf({ task, split, index }: TaskPlace): JsonObject {
  return {
    task_id: task.id,
    split,
    index,
    family: task.family,
    sub_goals: task.subGoals,
    difficulty: task.difficulty,
    seed: seedOf('world', task.id),
  };
}

/** What `GET /tools` and `GET /task_tools` answer. */
export const toolList = ({ specs }: BoundTools): JsonObject => ({
  tools: specs,
  terminal_tool: { name: leaveTool, arg: null, description: leaveDescription },
  supports_score_group: false,
  message_block_types: ['text'],
});

const mostNamed = 5;

/** Throws `UsageError` for tools that trainers cannot bind. */
function bindable(metaTools: readonly MetaTool[]): BoundTools {
  const bound = boundTools(metaTools);
  const { faults } = bound;
  if (faults.length === 0) return bound;
  const more = faults.length > mostNamed ? `; and ${faults.length - mostNamed} more` : '';
  throw new UsageError(
    `Trainers cannot bind ${faults.length} of ${metaTools.length} functions (${faults.slice(0, mostNamed).join('; ')}${more}). ` +
      'Leave out their servers, or choose another view, such as eager or search.',
  );
}

function refuseUnknown({ name, families }: Suite, chosen: readonly string[]): void {
  const unknown = chosen.find((one) => !families.includes(one));
  if (unknown === undefined) return;
  throw new UsageError(`Suite ${name} has no family "${unknown}". It has ${families.join(', ')}.`);
}
