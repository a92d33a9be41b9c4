import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, UsageError } from './errors.ts';
import { Interrupted } from './run-jobs.ts';
import { rewardNames, viewNames, type RewardName, type ViewName } from './types.ts';

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

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
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
