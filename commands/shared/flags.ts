import { InvalidArgumentError, Option, type Command } from 'commander';
import { UsageError } from '../../core/errors.ts';
import type { Experiment, ExperimentOptions } from '../../core/run-types.ts';
import { rewardNames, type RewardName } from '../../core/reward-types.ts';
import { splits, viewNames, type Split, type ViewName } from '../../core/types.ts';

/** Flags of every command that makes a run. */
export interface RunFlags {
  readonly suite: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly concurrency?: number | undefined;
  readonly seeds?: number;
  readonly episodes?: number;
  readonly view?: ViewName;
  readonly reward?: RewardName;
  readonly rows?: readonly string[];
  readonly judge?: string;
}

/** Flags of `run`. */
export interface PolicyFlags extends RunFlags {
  /** Each `POLICY`, or `LABEL=POLICY`. */
  readonly policy: readonly string[];
  readonly view: ViewName;
  readonly split?: readonly Split[];
  readonly tasks?: string;
  readonly limit: number;
  readonly requestsPerMinute?: number;
  readonly totalTokens?: number;
}

export interface TrainFlags extends RunFlags {
  readonly algorithm: string;
  readonly policy: string;
  readonly warmStart?: number;
  readonly groupSize?: number;
  readonly curriculum?: 'short-first';
  readonly stopAt?: number;
  readonly families?: readonly string[];
}

export interface ReportFlags {
  readonly trainings?: readonly string[];
}

export interface GateFlags extends RunFlags {
  readonly reference: string;
  readonly accept?: string;
}

export interface SuitesFlags {
  readonly measure?: string;
  readonly concurrency?: number | undefined;
}

export interface ImportFlags {
  readonly format: string;
}

export const suiteHelp = 'task suite (see `toolstone suites`)';
export const outHelp = 'run folder; by default one in reports/runs, free or with this very run';
export const concurrencyHelp =
  'episodes in parallel; changes no number but the seconds; by default as fits the cores, 8 where a policy is a model';
export const freshHelp = 'throw away what the folder holds of an earlier run';
export const runHelp = 'name below reports/runs, or a folder';

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

export function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Give a number from 0.');
  return value;
}

/** Reads a learner's name, with settings or without; those are read where learners are made. */
export function algorithmAmong(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text.split('?')[0] ?? '')) return text;
    throw new InvalidArgumentError(`Known: ${names.join(', ')}, each also as NAME?setting=value&setting=value.`);
  };
}

export function taskFile(text: string): string {
  if (/\.(ya?ml|jsonl?)$/.test(text)) return text;
  throw new InvalidArgumentError('Give a file that ends in .yaml, .yml, .json or .jsonl; --limit says how many tasks.');
}

/** What `--view` chooses. */
export const viewHelp = 'how tools are shown: all schemas at once, a server at a time, or a tool at a time';

/** A command that makes a run, with the flags they all have. */
export function runCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--suite <name>', suiteHelp, 'basic')
    .option('--out <folder>', outHelp)
    .option('--fresh', freshHelp)
    .option('--concurrency <n>', concurrencyHelp, wholeNumber);
}

/** Adds the flags of commands that train. */
export function trainingFlags(command: Command): Command {
  return command
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames))
    .addOption(new Option('--reward <name>', 'only this reward').choices(rewardNames))
    .option('--seeds <n>', 'trainings per arm; by default as many as the command is made for', wholeNumber)
    .option(
      '--episodes <n>',
      'episodes of each training, rounded up to whole updates; the budget is never a clock',
      wholeNumber,
    );
}

/** Adds what `train` alone may change of the one arm that it runs. */
export function trainOnlyFlags(command: Command): Command {
  return command
    .option(
      '--policy <name>',
      'the embedded policy as it begins: pointer, pointer?priors=none (knowing nothing of tool use), pointer?scalars=false (words alone)',
      'pointer',
    )
    .option('--warm-start <n>', 'episodes of the oracle that it imitates first', wholeNumber)
    .option('--group-size <n>', 'episodes per group; an update has 32 in all', groupSize)
    .addOption(
      new Option('--curriculum <name>', 'short tasks first in the first half of the budget').choices(['short-first']),
    )
    .option('--stop-at <share>', 'end once so large a share of the validation tasks is solved', shareOfOne)
    .option(
      '--families <names>',
      'train on tasks of these families alone, with commas between; the learning curve is over all',
      familyNames,
    );
}

function familyNames(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}

function groupSize(text: string): number {
  const value = Number(text);
  if (![2, 4, 8, 16, 32].includes(value)) throw new InvalidArgumentError('Give 2, 4, 8, 16 or 32.');
  return value;
}

function shareOfOne(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('Give a number above 0, at most 1.');
  return value;
}

/** Adds the flags of `run`. */
export function policyFlags(command: Command, policyNames: string): Command {
  return command
    .requiredOption(
      '--policy <name...>',
      `${policyNames}; several stand side by side in the tables, LABEL=POLICY by that label`,
    )
    .option(
      '--tasks <file>',
      'tasks of your own instead of a suite: YAML, JSON or JSON Lines (docs/own-tasks.md)',
      taskFile,
    )
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames).default('tool'))
    .addOption(
      new Option('--split <name...>', 'which tasks; by default `test`, or the first the suite has').choices(splits),
    )
    .option('--limit <n>', 'number of tasks of a split at most', wholeNumber, 60)
    .option('--requests-per-minute <n>', 'rate ceiling of a model endpoint, for each policy', wholeNumber)
    .option(
      '--total-tokens <n>',
      'cost ceiling of a model endpoint: prompt and output tokens of the whole run, for each policy',
      wholeNumber,
    );
}

/** An experiment's sizes, with what the user asked for in place of its own. Throws `UsageError` on a judge that it would not ask. */
export function sizesOf(
  { name, defaults, takesJudge }: Experiment,
  { seeds, episodes, view, reward, judge }: RunFlags,
): ExperimentOptions {
  if (judge !== undefined && !takesJudge)
    throw new UsageError(`Experiment ${name} takes no judge: leave out --judge ${judge}, or run language-judge.`);
  return {
    ...defaults,
    ...(seeds === undefined ? {} : { seeds }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(view === undefined ? {} : { view }),
    ...(reward === undefined ? {} : { rewards: [reward] }),
    ...(judge === undefined ? {} : { judge }),
  };
}

/** Adds the flags of `perf`. */
export function perfFlags(command: Command): Command {
  return command
    .option('--json <file>', 'write the figures there too')
    .option('--rounds <n>', 'rounds in which both sides take turns', wholeNumber, 11)
    .option('--only <name>', 'one measurement');
}
