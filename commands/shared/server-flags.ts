import {
  type Command,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
  type OptionValues,
} from '@commander-js/extra-typings';
import { confinementLevels, type ConfinementLevel } from '../../core/confinement.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import type { WireChoice } from '../../core/wire/wire-types.ts';
import { decimal, wholeNumber, wireChoice } from './flag-values.ts';

interface DeadlineFlags {
  readonly startDeadline?: number;
  readonly callDeadline?: number;
  readonly callCeiling?: number;
}

const MOST_SECONDS = 86_400;

/** Adds deadlines and confinement of servers to a command that starts some; they hold from before its action, or that of a subcommand. */
export function addServerFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--start-deadline <seconds>',
      "time limit for a server's start; by default 60, later 5 times its usual time here, but at least 30",
      secondsOf,
    )
    .option(
      '--call-deadline <seconds>',
      'time limit for a call, after which its server is killed; by default 10, for your own servers 60',
      secondsOf,
    )
    .option(
      '--call-ceiling <seconds>',
      'total time limit for a call to your own servers that keeps reporting progress; by default 600',
      secondsOf,
    )
    .hook('preAction', async (_, acting) => {
      const { chooseDeadlines } = await import('../../envs/processes/deadlines.ts');
      const {
        startDeadline: start,
        callDeadline: call,
        callCeiling: ceiling,
      } = acting.optsWithGlobals() as DeadlineFlags;
      chooseDeadlines({
        ...(start === undefined ? {} : { start: start * 1000 }),
        ...(call === undefined ? {} : { call: call * 1000 }),
        ...(ceiling === undefined ? {} : { ceiling: ceiling * 1000 }),
      });
    });
  addConfinementFlag(command);
}

/** Adds the confinement of servers alone, to a command that is told the rest by a run. */
export function addConfinementFlag(command: CommandUnknownOpts): void {
  command
    .addOption(
      new Option(
        '--confinement <level>',
        'how servers are kept inside their folders; by default the strongest level that works here. `strict` demands one ' +
          'of the first two, also for your own servers',
      ).choices([...confinementLevels, 'strict'] as const),
    )
    .hook('preAction', async (_, acting) => {
      const { chooseConfinement } = await import('../../envs/confinement/choice.ts');
      const { confinement } = acting.optsWithGlobals() as { readonly confinement?: ConfinementLevel | 'strict' };
      chooseConfinement(confinement);
    });
}

/** Flag and its help, for every command that tells money. */
export const pricesFlag = [
  '--prices <file>',
  'JSON file with prices of models (docs/own-tasks.md); by default those of a few OpenAI models',
] as const;

/** Adds what models behind endpoints may cost and how long they may take; typed, so that the action knows the flags. */
export const withCeilings = <Args extends unknown[], Flags extends OptionValues, Global extends OptionValues>(
  command: Command<Args, Flags, Global>,
): Command<Args, Flags & CeilingFlags, Global> => {
  command
    .option(
      '--requests-per-minute <n>',
      "largest number of requests per minute to a model's endpoint, for each policy",
      wholeNumber,
    )
    .option(
      '--total-tokens <n>',
      'largest number of prompt and output tokens of the whole run, for each policy that is a model; Toolstone makes no call that might exceed it, and re-running with a higher limit plays the rest',
      wholeNumber,
    )
    .option(
      '--total-money <amount>',
      'largest cost of the whole run, for each policy that is a model, by --prices',
      decimal,
    )
    .option(
      '--total-seconds <n>',
      'largest time of the whole run in seconds, for each policy that is a model',
      wholeNumber,
    )
    .option(...pricesFlag)
    .addOption(replyDeadlineOption());
  // Without the type above the compiler would have to write down that of the chain, which it cannot, for the package.
  return command;
};

export interface CeilingFlags {
  readonly requestsPerMinute?: number | undefined;
  readonly totalTokens?: number | undefined;
  readonly totalMoney?: number | undefined;
  readonly totalSeconds?: number | undefined;
  readonly replyDeadline?: number | undefined;
}

/** As models take them. */
export const ceilingsOf = (flags: CeilingFlags): EndpointCeilings => ({
  ...(flags.requestsPerMinute ? { requestsPerMinute: flags.requestsPerMinute } : {}),
  totalTokens: flags.totalTokens,
  totalMoney: flags.totalMoney,
  totalSeconds: flags.totalSeconds,
  ...(flags.replyDeadline ? { timeoutMilliseconds: flags.replyDeadline * 1000 } : {}),
});

export const replyDeadlineOption = () =>
  new Option(
    '--reply-deadline <seconds>',
    "time limit for a complete reply of a model's endpoint; by default 280, at most a day",
  ).argParser(secondsOf);

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MOST_SECONDS))
    throw new InvalidArgumentError('Give a number of seconds above 0 and at most a day.');
  return value;
}

/**
 * Adds to a command whether its conversations with servers and models are recorded, or answered by a recording; it holds from before
 * its action, so that a strict replay starts no server to ask it for its tools.
 */
export function addWireFlag(command: CommandUnknownOpts): void {
  command
    .option(
      '--wire <mode:folder>',
      'record:FOLDER keeps what servers and models answer; replay:FOLDER answers by that, and asks only where it holds nothing; strict:FOLDER ' +
        'asks nobody, so that it needs no server, model or network (docs/wire.md)',
      wireChoice,
    )
    .hook('preAction', async (_, acting) => {
      const { wire } = acting.opts() as { readonly wire?: WireChoice };
      const { chooseWire } = await import('../../core/wire/chosen.ts');
      if (wire === undefined || wire.mode === 'record') return chooseWire(wire);
      const { openRecording } = await import('../../core/wire/recording.ts');
      const { models, lists } = openRecording(wire.folder).header;
      chooseWire(wire, models);
      if (wire.mode !== 'strict') return;
      const { adoptToolLists } = await import('../../envs/toolspaces.ts');
      adoptToolLists(lists);
    });
}
