import { ownSuiteName, taskId } from '../../core/task-id.ts';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { Criterion, Rubric } from '../../core/reward-types.ts';
import type { Facts } from '../../core/facts.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Files, Split, Suite, Task } from '../../core/types.ts';
import { startFacts } from '../../envs/state/start-facts.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { planRubric } from '../../judges/rubric/criteria.ts';
import { describeGoal } from '../../judges/truth/goal.ts';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import { difficultyOf } from '../tasks/assemble.ts';
import type { TaskFileSource } from '../tasks/suite-list.ts';
import type { OwnTask } from './format.ts';
import { gapsOf } from './gaps.ts';
import { goalOf } from './goal.ts';
import { conversationOf } from './messages.ts';
import { type ReadTaskFile, readTaskFile } from './read.ts';
import { addOwnServers, serversOf, toolFaults } from './servers.ts';
import type { Fault } from './shape.ts';
import { learningSplits, onlyTasks, splitOf } from './splits.ts';

const FAMILY = 'own';
/** More tools than these are not all named in the prompt of the tool view. */
const MOST_NAMED_TOOLS = 150;
/** Most turns of each message of a task that gives neither a number nor a plan. */
const TURNS_WITHOUT_PLAN = 30;

/**
 * The suite of a task file. Its name holds the beginning of the content's hash, so that a run is gone on with, and compared,
 * only while the file, its fixtures and its scripts are the same. Own servers are started once, to list their tools.
 * @throws UsageError with every fault that can be found so far.
 */
export function ownSuite({ file: path, only, isDivided = false }: TaskFileSource): Suite {
  const taskFile = onlyTasks(addOwnServers(readTaskFile(path)), only);
  const servers = serversOf(taskFile);
  const { tools } = toolspaceOf(servers);
  const gaps = taskFile.file.tasks.flatMap((task, index) => gapsOf(task, ['tasks', index]));
  // Which tools come later `tasks check` sees.
  const faults = gaps.length > 0 ? gaps : toolFaults(taskFile.file, tools).filter(({ mayCome }) => !mayCome);
  if (faults.length > 0) throw taskFile.complain(faults);
  const tasks = tasksOf(taskFile, isDivided);
  const measured: readonly Split[] = isDivided ? learningSplits : ['test'];
  const splits: readonly Split[] = tasks.some(({ split }) => split === 'fuzzy') ? [...measured, 'fuzzy'] : measured;
  const name = ownSuiteName(taskFile.name, taskFile.hash);
  return {
    name,
    summary: taskFile.file.summary ?? `Own tasks of ${taskFile.name}.`,
    splits,
    families: [FAMILY],
    servers,
    heldOutServers: [],
    ...limitsIn(limitKeys(taskFile.file)),
    toolNamesUpFront: tools.length <= MOST_NAMED_TOOLS,
    isOwn: true,
    ...(only ? { isPart: true } : {}),
    tasks: (split, count, families = [FAMILY]) => {
      if (!splits.includes(split))
        throw new UsageError(`Suite ${name} has no split "${split}". It has ${splits.join(', ')}.`);
      if (!families.includes(FAMILY)) throw new UsageError(`Suite ${name} has one family alone, ${FAMILY}.`);
      return tasks.filter((task) => task.split === split).slice(0, count);
    },
  };
}

/**
 * Tasks as the file orders them, each with its vague wording behind it. Divided, each is in its own split, and those of `test`
 * alone have the vague wording; else all are of split `test`.
 * @throws UsageError where a server cannot start from the files it is given, or a rubric makes no sense.
 */
export function tasksOf(taskFile: ReadTaskFile, isDivided = false): readonly Task[] {
  const faults: Fault[] = [];
  const tasks = taskFile.file.tasks.flatMap((ownTask, index) => {
    const files = filesOf(ownTask, taskFile);
    const initial: [string, Facts[string]][] = [];
    for (const server of ownTask.servers) {
      try {
        initial.push(...Object.entries(startFacts([server], files)));
      } catch (error) {
        const what = `Server ${server} cannot start from these files: ${messageOf(error)}.`;
        faults.push({ path: ['tasks', index, 'files', server], what });
      }
    }
    const split = isDivided ? splitOf(ownTask) : 'test';
    const task = taskOf(ownTask, split, taskFile, files, Object.fromEntries(initial));
    if (ownTask.rubric)
      faults.push(...rubricProblems(task.rubric).map((what) => ({ path: ['tasks', index, 'rubric'], what })));
    return ownTask.fuzzy === undefined || split !== 'test'
      ? [task]
      : [task, fuzzyOf(task, ownTask.fuzzy, ownTask, taskFile)];
  });
  if (faults.length > 0) throw taskFile.complain(faults);
  return tasks;
}

const idOf = (split: Split, ownTask: OwnTask, taskFile: ReadTaskFile): string =>
  taskId(taskFile.name, FAMILY, split, ownTask.id);

function taskOf(
  ownTask: OwnTask,
  split: Split,
  taskFile: ReadTaskFile,
  files: Readonly<Record<string, Files>>,
  initial: Facts,
): Task {
  const conversation = conversationOf(ownTask);
  const { plan, messages } = conversation;
  const goal = goalOf(ownTask.checks, taskFile.folder);
  const requirements = goal.checks.filter(
    (check) => check.kind !== 'unchanged' && !(check.kind === 'call' && !check.made),
  );
  const setUp = ownTask.setUp?.map(({ server, tool, arguments: args = {} }) => ({ server, tool, arguments: args }));
  return {
    id: idOf(split, ownTask, taskFile),
    suite: ownSuiteName(taskFile.name, taskFile.hash),
    family: FAMILY,
    split,
    ...conversation,
    world: { servers: ownTask.servers, files, ...(setUp && setUp.length > 0 ? { setUp } : {}) },
    initial,
    goal,
    subGoals: Math.max(1, requirements.length),
    difficulty: plan.length > 0 ? difficultyOf(plan) : Math.max(1, requirements.length),
    mostTurns: ownTask.mostTurns ?? (plan.length > 0 ? null : TURNS_WITHOUT_PLAN * (messages?.length ?? 1)),
    ...limitsIn({ ...limitKeys(taskFile.file), ...limitKeys(ownTask) }),
    rubric: rubricOf(ownTask, plan, describeGoal(initial, goal)),
  };
}

type TaskLimits = NonNullable<Task['limits']>;

const limitKeys = ({ contextTokens, resultTokens }: TaskLimits): TaskLimits => ({
  ...(contextTokens === undefined ? {} : { contextTokens }),
  ...(resultTokens === undefined ? {} : { resultTokens }),
});

const limitsIn = (limits: TaskLimits): Pick<Task, 'limits'> => (Object.keys(limits).length > 0 ? { limits } : {});

const fuzzyOf = (task: Task, prompt: string, ownTask: OwnTask, taskFile: ReadTaskFile): Task => ({
  ...task,
  id: idOf('fuzzy', ownTask, taskFile),
  split: 'fuzzy',
  prompt,
});

function filesOf(
  { servers, files = {}, folders = {} }: OwnTask,
  taskFile: ReadTaskFile,
): Readonly<Record<string, Files>> {
  const entries = servers.flatMap((server) => {
    const folder = folders[server];
    const merged = { ...(folder === undefined ? {} : taskFile.folders.get(folder)), ...files[server] };
    return Object.keys(merged).length === 0 ? [] : [[server, merged] as const];
  });
  return Object.fromEntries(entries);
}

/** The user's criteria, those of a plan, or where there is neither what code can tell of the checks alone. */
function rubricOf({ rubric }: OwnTask, plan: readonly PlannedCall[], goals: readonly string[]): Rubric {
  if (rubric) return { form: 'free', criteria: rubric.map(criterionOf) };
  if (plan.length > 0) return planRubric(plan, goals);
  const free = ['changes-made', 'nothing-else', 'exactly-done', 'finished-when-done', 'calls-work'];
  return { form: 'free', criteria: planRubric(plan, goals).criteria.filter(({ id }) => free.includes(id)) };
}

const LONGEST_ID = 100;

/** Its own words are its id: reports show what a verdict is about, task by task. */
function criterionOf(
  { criterion, weight = 1, category = 'task-fulfilment' }: NonNullable<OwnTask['rubric']>[number],
  index: number,
): Criterion {
  const id = criterion.length <= LONGEST_ID ? criterion : `${criterion.slice(0, LONGEST_ID)}… (${index + 1})`;
  return { id, category, description: criterion, weight };
}
