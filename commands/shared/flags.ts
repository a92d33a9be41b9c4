import { Argument, Option } from '@commander-js/extra-typings';
import { fitnessNames } from '../../core/calibration-types.ts';
import { formulaNames, rewardNames, rubricChoices } from '../../core/reward-types.ts';
import { splits } from '../../core/types.ts';
import { viewNames } from '../../envs/view-list.ts';
import { judgeUsages } from '../../judges/judge-list.ts';
import { rubricChoice, taskFile, wholeNumber } from './flag-values.ts';

/* Flags that several commands have, each made anew for the command that takes it. */

export const suiteOption = () => new Option('--suite <name>', 'task suite (see `toolstone suites`)').default('basic');

export const outOption = () =>
  new Option('--out <folder>', 'run folder; by default one in reports/runs, free or with this very run');

export const freshOption = () => new Option('--fresh', 'throw away what the folder holds of an earlier run');

/** Of commands that make a run. */
export const concurrencyOption = () =>
  new Option(
    '--concurrency <n>',
    'episodes in parallel; changes no number but the seconds; by default as fits the cores, 8 where a policy is a model',
  ).argParser(wholeNumber);

/** Of the other commands: `what` is done that many times at once. */
export const parallelOption = (what: string) =>
  new Option('--concurrency <n>', `${what}; changes no number`).argParser(wholeNumber).default(4);

export const viewOption = () =>
  new Option(
    '--view <name>',
    'how tools are shown: all schemas at once, a server at a time, or a tool at a time',
  ).choices(viewNames());

export const rewardOption = (help: string) => new Option('--reward <name>', help).choices(rewardNames);

export const seedsOption = () =>
  new Option('--seeds <n>', 'trainings per arm; by default as many as the command is made for').argParser(wholeNumber);

export const episodesOption = () =>
  new Option(
    '--episodes <n>',
    'episodes of each training, rounded up to whole updates; the budget is never a clock',
  ).argParser(wholeNumber);

/* Of commands that take tasks; `taskSource` reads them. */

export const ownTasksOption = (
  help = 'tasks of your own instead of a suite: YAML, JSON or JSON Lines (docs/own-tasks.md)',
) => new Option('--tasks <file>', help).argParser(taskFile).conflicts('suite');

/** Of commands that learn, or serve those that do. */
export const learntTasksHelp =
  'tasks of your own instead of a suite, each in the split that it says, or else a third of them (docs/own-tasks.md)';

export const taskOption = () => new Option('--task <id...>', 'only these tasks of the file, by their ids');

/** Of commands that take one split, the suite's first where it is left out. */
export const splitHelp = 'which tasks; by default `test`, or the first the suite has, and of your own all';
export const splitOption = (help = splitHelp) => new Option('--split <name>', help).choices(splits);

export const limitOption = (help: string) => new Option('--limit <n>', help).argParser(wholeNumber).default(60);

export const seedOption = (help: string) => new Option('--seed <n>', help).argParser(wholeNumber);

/* Of commands that judge stored runs. */

export const judgeOption = async () =>
  new Option('--judge <name>', `${(await judgeUsages()).join(', ')}, or ./mine.ts`).makeOptionMandatory();

export const rubricOption = () =>
  new Option(
    '--rubric <name>',
    `the rubrics of the tasks, one holistic score, or a rubric file: ${rubricChoices.join(', ')}, FILE.jsonl`,
  )
    .argParser(rubricChoice)
    .default('own');

export const verdictFormulaOption = () =>
  formulaOption('how verdicts become a reward').default('weight-proportional' as const);

export const runTasksOption = () => ownTasksOption('the task file, where the run was of your own tasks');

/* Of these and `train`. */

export const formulaOption = (help: string) => new Option('--formula <name>', help).choices(formulaNames);

export const fitnessOption = (help: string) => new Option('--fitness <name>', help).choices(fitnessNames);

/** The run that a command is about. */
const runHelp = 'name below reports/runs, or a folder';
export const runArgument = (more = '') => new Argument('<run>', `${runHelp}${more}`);
export const optionalRunArgument = (more = '') => new Argument('[run]', `${runHelp}${more}`);
