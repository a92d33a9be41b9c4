import { UsageError } from '../../core/errors.ts';
import { seedOf } from '../../core/seeds.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { MetaTool, OpenView, Split, Suite, Task } from '../../core/types.ts';
import { openedEmpty } from '../../envs/view-parts/opened-empty.ts';
import { bindingFault } from './binding.ts';
import { Refusal } from './http.ts';

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

/** What the server offers before any session: splits, tasks by number, and the tools, which are the same for all. */
export interface Catalogue {
  /** Name of the environment in paths and bodies. */
  readonly environment: string;
  readonly splits: () => readonly { readonly name: string; readonly type: string }[];
  readonly tools: () => JsonObject;
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

/** @throws UsageError for a family that the suite lacks. */
export function openCatalogue({ suite, tasks: most, families, openView }: CatalogueOptions): Catalogue {
  const environment = suite.name.toLowerCase().replace(/[^\w.-]+/g, '-');
  const tools = metaToolsOf(openView).map(toolSpec);
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
    tools: () => ({
      tools,
      terminal_tool: { name: leaveTool, arg: null, description: leaveDescription },
      supports_score_group: false,
      message_block_types: ['text'],
    }),
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

function toolSpec({ name, description, inputSchema }: MetaTool): JsonObject {
  const fault = bindingFault(name, inputSchema);
  if (fault !== undefined) throw new UsageError(`Trainers cannot bind the tool ${name}: ${fault}.`);
  return { name, description, input_schema: inputSchema };
}

/**
 * A view has the same meta-tools for every toolspace, even an empty one. Throws `UsageError` for one that has functions of the tools
 * instead: they differ by task, and trainers fix their tools before the first.
 */
export function metaToolsOf(openView: OpenView): readonly MetaTool[] {
  const { name, metaTools, functions } = openedEmpty(openView);
  if (!functions) return metaTools;
  throw new UsageError(
    `The view ${name} offers other functions in each task, by the task's servers, and trainers fix their tools before the first. Choose another view, such as eager or search.`,
  );
}

function refuseUnknown({ name, families }: Suite, chosen: readonly string[]): void {
  const unknown = chosen.find((one) => !families.includes(one));
  if (unknown === undefined) return;
  throw new UsageError(`Suite ${name} has no family "${unknown}". It has ${families.join(', ')}.`);
}
