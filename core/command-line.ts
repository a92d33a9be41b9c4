import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, UsageError } from './errors.ts';
import { Interrupted } from './run-jobs.ts';
import type { ExperimentOptions } from './run-types.ts';
import { rewardNames, splits, viewNames, type RewardName, type Split, type ViewName } from './types.ts';

/** Flags of every command that makes a run. */
export interface RunFlags {
  readonly suite: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly concurrency: number;
  readonly seeds?: number;
  readonly episodes?: number;
  readonly view?: ViewName;
  readonly reward?: RewardName;
}

/** Flags of `run`. */
export interface PolicyFlags extends RunFlags {
  readonly policy: string;
  readonly view: ViewName;
  readonly split?: Split;
  readonly tasks?: string;
  readonly limit: number;
  readonly requestsPerMinute?: number;
  readonly totalTokens?: number;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

function taskFile(text: string): string {
  if (/\.(ya?ml|jsonl?)$/.test(text)) return text;
  throw new InvalidArgumentError('Give a file that ends in .yaml, .yml, .json or .jsonl; --limit says how many tasks.');
}

/** What `--view` chooses. */
export const viewHelp = 'how tools are shown: all schemas at once, a server at a time, or a tool at a time';

/** Stands below the list of commands. */
export const helpText = `
Begin with:
  toolstone bench                                  trains, measures, writes reports/runs/bench/report.html
  toolstone run --policy retrieval                 a policy that does not learn
  toolstone run --policy ollama:qwen3:4b           a model of a local Ollama server (OLLAMA_HOST names another)
  toolstone run --policy openai:MODEL              any OpenAI-compatible endpoint (OPENAI_BASE_URL, OPENAI_API_KEY)
  toolstone run --policy pointer:RUN/checkpoints/NAME.checkpoint
  toolstone run --policy ollama:qwen3:4b --tasks FILE    your own tasks on your own servers (docs/own-tasks.md)

A run that was stopped goes on when the same command is given again. Numbers depend on seeds and names alone, never on
--concurrency.

Exit codes: 0 well, 1 the gate found a regression, 2 wrong use, 3 not enough data (void episodes too), 4 incomparable,
70 a fault of Toolstone's own, 130 interrupted.
`;

/** A command that makes a run, with the flags they all have. */
export function runCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--suite <name>', 'task suite (see `toolstone suites`)', 'basic')
    .option('--out <folder>', 'run folder; by default one in reports/runs, free or with this very run')
    .option('--fresh', 'throw away what the folder holds of an earlier run')
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 8);
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

/** Adds the flags of `run`. */
export function policyFlags(command: Command, policyNames: string): Command {
  return command
    .requiredOption('--policy <name>', policyNames)
    .option(
      '--tasks <file>',
      'tasks of your own instead of a suite: YAML, JSON or JSON Lines (docs/own-tasks.md)',
      taskFile,
    )
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames).default('tool'))
    .addOption(
      new Option('--split <name>', 'which tasks; by default `test`, or the first the suite has').choices(splits),
    )
    .option('--limit <n>', 'number of tasks at most', wholeNumber, 60)
    .option('--requests-per-minute <n>', 'rate ceiling of a model endpoint', wholeNumber)
    .option(
      '--total-tokens <n>',
      'cost ceiling of a model endpoint: prompt and output tokens of the whole run',
      wholeNumber,
    );
}

/** An experiment's sizes, with what the user asked for in place of its own. */
export function sizesOf(defaults: ExperimentOptions, { seeds, episodes, view, reward }: RunFlags): ExperimentOptions {
  return {
    ...defaults,
    ...(seeds === undefined ? {} : { seeds }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(view === undefined ? {} : { view }),
    ...(reward === undefined ? {} : { rewards: [reward] }),
  };
}

/** Adds the flags of `perf`. */
export function perfFlags(command: Command): Command {
  return command
    .option('--json <file>', 'write the figures there too')
    .option('--rounds <n>', 'rounds in which both sides take turns', wholeNumber, 11)
    .option('--only <name>', 'one measurement');
}

/** Every failure is a sentence on standard error, and an exit code that says whose it is. */
export function failWith(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Interrupted) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    process.stderr.write(`This is a fault of Toolstone's own: ${messageOf(error)}\n${stack}\n`);
    process.exitCode = 70;
  }
}

/** What no promise carries ends the process by the same rules; a reader that went away (`| head`) is no failure. */
export function endWell(): void {
  process.once('uncaughtException', (error) => {
    failWith(error);
    process.exit();
  });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
