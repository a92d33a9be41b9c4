import { Argument, type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { fitnessNames, unfitPolicies, type FitnessName, type UnfitPolicy } from '../../core/calibration-types.ts';
import { executions, type Execution } from '../../core/execution.ts';
import { formulaNames, rewardNames, type FormulaName } from '../../core/reward-types.ts';
import type { RubricName } from '../../core/rubric-kinds.ts';
import { splits } from '../../core/splits.ts';
import { viewNames } from '../../envs/view-list.ts';
import { judgeUsages } from '../../judges/judge-list.ts';
import { rubricName, taskFile, viewAmong, wholeNumber } from './flag-values.ts';

/* Flags that several commands have, each made anew for the command that takes it. */

export const suiteOption = () => new Option('--suite <name>', 'task suite (see `toolstone suites`)').default('basic');

export const outOption = () =>
  new Option(
    '--out <folder>',
    'run folder; by default one in reports/runs, where the same command resumes its own run',
  );

export const freshOption = () => new Option('--fresh', 'discard an earlier run in the folder instead of resuming it');

/** Of commands that make a run. */
export const concurrencyOption = () =>
  new Option(
    '--concurrency <n>',
    'episodes to play in parallel; affects only the time; by default as many as suit the cores, or 8 if a policy is a model',
  ).argParser(wholeNumber);

/* Of commands that can hand their work to other machines. */

export const queueOption = () =>
  new Option(
    '--queue <address>',
    'let workers on other machines play, who take the work from the Redis at this address: redis://HOST:PORT, or rediss:// with TLS (docs/scale.md)',
  );

export const batchOption = () =>
  new Option(
    '--batch <n>',
    'with --queue, episodes that a worker is given at once; affects only the time; by default 64, or 16 if a policy is a model',
  ).argParser(wholeNumber);

export const volatileOption = () =>
  new Option('--volatile', 'with --queue, accept a Redis that keeps nothing on disk, so that its restart ends the run');

/** Of the other commands: `what` is done that many times at once. */
export const parallelOption = (what: string) =>
  new Option('--concurrency <n>', `${what}; affects only the time`).argParser(wholeNumber).default(4);

export const viewOption = () =>
  new Option(
    '--view <name>',
    'how tools are shown: all schemas at once, each tool as a function, a server or a tool at a time, or by a search; ' +
      'also with settings, such as search?k=8 (docs/views.md)',
  )
    .choices(viewNames())
    .argParser(viewAmong(viewNames()));

/** Stands for every view of the list. */
export const allViews = 'all';

/** Of commands that compare views. */
export function viewsOption(standard: readonly string[]) {
  const known = [...viewNames(), allViews];
  const read = viewAmong(known);
  return new Option(
    '--view <name...>',
    'how tools are shown: all schemas at once, each tool as a function, a server or a tool at a time, or by a search; also with settings, such as ' +
      `search?k=8 (docs/views.md); name several to compare them on the same tasks, or ${allViews} for ${viewNames().join(', ')}`,
  )
    .choices(known)
    .argParser((text, before: readonly string[]) => (before === standard ? [read(text)] : [...before, read(text)]))
    .default(standard);
}

/** The views that were asked for, each once; those of `all` in the order of the list. */
export const viewsIn = (names: readonly string[]): readonly string[] =>
  names.includes(allViews) ? viewNames() : [...new Set(names)];

/** Stands for every execution of the list. */
export const allExecutions = 'all';

const executionHelp =
  'how the policy calls tools: one at a time, by programs in JavaScript that it writes, or either as it likes (docs/programs.md)';

export const executionOption = () =>
  new Option('--execution <name>', executionHelp).choices(executions).default('calls' as const);

/** Of commands that compare executions. */
export function executionsOption(standard: readonly string[]) {
  const known = [...executions, allExecutions];
  return new Option(
    '--execution <name...>',
    `${executionHelp}; name several to compare them on the same tasks, or ${allExecutions} for ${executions.join(', ')}`,
  )
    .choices(known)
    .default(standard);
}

/** The executions that were asked for, each once; those of `all` in the order of the list. */
export const executionsIn = (names: readonly string[]): readonly Execution[] =>
  executions.filter((one) => names.includes(one) || names.includes(allExecutions));

export const rewardOption = (help: string) => new Option('--reward <name>', help).choices(rewardNames);

export const seedsOption = () =>
  new Option(
    '--seeds <n>',
    'number of trainings per arm, each with its own random seed; the default depends on the command',
  ).argParser(wholeNumber);

export const episodesOption = () =>
  new Option('--episodes <n>', 'episodes per training, rounded up to whole updates').argParser(wholeNumber);

/* Of commands that take tasks; `taskSource` reads them. */

export const ownTasksOption = (
  help = 'your own tasks instead of a suite: a file in YAML, JSON or JSON Lines (docs/own-tasks.md)',
) => new Option('--tasks <file>', help).argParser(taskFile).conflicts('suite');

/** Of commands that learn, or serve those that do. */
export const learntTasksHelp =
  'your own tasks instead of a suite, divided into splits as the file says, otherwise into thirds (docs/own-tasks.md)';

export const taskOption = () => new Option('--task <id...>', 'use only the tasks of the file with these ids');

/** Of commands that take one split, the suite's first where it is left out. */
export const splitHelp = "split whose tasks to use; by default `test`, or the suite's first; of your own tasks, all";
export const splitOption = (help = splitHelp) => new Option('--split <name>', help).choices(splits);

export const limitOption = (help: string) => new Option('--limit <n>', help).argParser(wholeNumber).default(60);

export const seedOption = (help: string) => new Option('--seed <n>', help).argParser(wholeNumber);

/* Of commands that judge. */

export const judgeOption = async () =>
  new Option('--judge <name>', `${(await judgeUsages()).join(', ')}, or ./mine.ts`).makeOptionMandatory();

export const rubricOption = () =>
  new Option(
    '--rubric <name>',
    'what the judge is asked: `task`, the criteria that a task file states; `plan`, those of the reference plan, a dense form of imitating it; ' +
      '`end-state`, those of the outcome alone; `generic`, one holistic score; or FILE.jsonl, written by `toolstone rubrics` or by hand (default: `task` for your own ' +
      'tasks, otherwise `plan`)',
  ).argParser(rubricName);

export const verdictFormulaOption = () =>
  formulaOption('formula that turns verdicts into a reward').default('weight-proportional' as const);

export const runTasksOption = () => ownTasksOption('the task file, if the run was of your own tasks');

/* Of these and `train`. */

export const formulaOption = (help: string) => new Option('--formula <name>', help).choices(formulaNames);

export const fitnessOption = (help: string) => new Option('--fitness <name>', help).choices(fitnessNames);

/* Of commands that train, or serve those that do. */

/** What a user may say of the judge that a policy is rewarded by. */
export interface RewardJudgeFlags {
  readonly judge?: string | undefined;
  readonly rubric?: RubricName | undefined;
  readonly formula?: FormulaName | undefined;
  readonly calibration?: string | undefined;
  readonly fitness?: FitnessName | undefined;
  readonly unfit?: UnfitPolicy | undefined;
}

/** Adds them to a command that trains, or serves those that do; typed, so that the action knows the flags. */
// The return type is stated because the compiler cannot write down the inferred one in the package's declarations.
export const withRewardJudge = async <Args extends unknown[], Flags extends OptionValues, Global extends OptionValues>(
  command: Command<Args, Flags, Global>,
): Promise<Command<Args, Flags & RewardJudgeFlags, Global>> => {
  command
    .option(
      '--judge <name>',
      `judge that scores the rubric: ${(await judgeUsages()).join(', ')}, or ./mine.ts (default: code)`,
    )
    .addOption(rubricOption())
    .addOption(formulaOption('formula that turns its verdicts into a reward (default: weight-proportional)'))
    .option('--calibration <file>', 'calibration.json of that judge; by default the one that Toolstone brings for it')
    .addOption(fitnessOption('thresholds that its criteria must reach (default: strict)'))
    .addOption(
      new Option('--unfit <policy>', 'what to do about criteria below the thresholds (default: refuse)').choices(
        unfitPolicies,
      ),
    );
  return command;
};

/** The run that a command is about. */
const runHelp = 'a run: its name in reports/runs, or its folder';
export const runArgument = (more = '') => new Argument('<run>', `${runHelp}${more}`);
export const optionalRunArgument = (more = '') => new Argument('[run]', `${runHelp}${more}`);
