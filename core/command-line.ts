import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, UsageError } from './errors.ts';
import { Interrupted } from './run-jobs.ts';
import type { RewardName, Split, ViewName } from './types.ts';

export const views: readonly ViewName[] = ['eager', 'server', 'tool'];
export const rewardNames: readonly RewardName[] = ['sparse', 'state-share', 'rubric'];
export const splits: readonly Split[] = ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'];

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

/** A command that makes a run, with the flags they all have. */
export function runCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--suite <name>', 'task suite (see `toolstone suites`)', 'basic')
    .option('--out <folder>', 'run folder; by default the next free one in reports/runs')
    .option('--fresh', 'throw away what the folder holds of an earlier run')
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 8);
}

/** Adds the flags of commands that train. */
export function trainingFlags(command: Command): Command {
  return command
    .addOption(new Option('--view <name>', 'how the policy sees the tools').choices(views))
    .addOption(new Option('--reward <name>', 'only this reward').choices(rewardNames))
    .option('--seeds <n>', 'trainings per arm', wholeNumber)
    .option('--episodes <n>', 'training episodes per training', wholeNumber);
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
