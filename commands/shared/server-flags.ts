import { type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { confinementLevels, type ConfinementLevel } from '../../core/confinement.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import { decimal, wholeNumber } from './flag-values.ts';

interface ServerFlags {
  readonly startDeadline?: number;
  readonly callDeadline?: number;
  readonly callCeiling?: number;
  readonly confinement?: ConfinementLevel | 'strict';
}

const MOST_SECONDS = 86_400;

/** Adds deadlines and confinement of servers to a command that starts some; they hold from before its action. */
export function addServerFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--start-deadline <seconds>',
      'how long a server may take to start; by default 60, then 5 times what its starts take here, 30 at least',
      secondsOf,
    )
    .option(
      '--call-deadline <seconds>',
      'how long a call may take before its server is killed; by default 10, of your own servers 60',
      secondsOf,
    )
    .option(
      '--call-ceiling <seconds>',
      'how long a call of your own servers may take in all while it tells of progress; by default 600',
      secondsOf,
    )
    .addOption(
      new Option(
        '--confinement <level>',
        'how servers are kept in their folders; by default the strongest level that works here. `strict`: one of the ' +
          'first two, for your own servers too',
      ).choices([...confinementLevels, 'strict'] as const),
    )
    .hook('preAction', async (_, acting) => {
      const { chooseDeadlines } = await import('../../envs/processes/deadlines.ts');
      const { chooseConfinement } = await import('../../envs/confinement/choice.ts');
      const {
        startDeadline: start,
        callDeadline: call,
        callCeiling: ceiling,
        confinement,
      } = acting.opts() as ServerFlags;
      chooseConfinement(confinement);
      chooseDeadlines({
        ...(start === undefined ? {} : { start: start * 1000 }),
        ...(call === undefined ? {} : { call: call * 1000 }),
        ...(ceiling === undefined ? {} : { ceiling: ceiling * 1000 }),
      });
    });
}

/* Of commands whose policies may be models behind endpoints: what those may cost, and how long they may take. */

export const requestsPerMinuteOption = () =>
  new Option('--requests-per-minute <n>', 'rate ceiling of a model endpoint, for each policy').argParser(wholeNumber);

export const totalTokensOption = () =>
  new Option(
    '--total-tokens <n>',
    'ceiling of a model: prompt and output tokens of the whole run, for each policy; no call is made that might go beyond, and what is not played then waits for a higher one',
  ).argParser(wholeNumber);

export const totalMoneyOption = () =>
  new Option('--total-money <amount>', 'the same in money, by the prices').argParser(decimal);

export const totalSecondsOption = () =>
  new Option('--total-seconds <n>', 'the same in seconds, from the opening of the model').argParser(wholeNumber);

export const pricesOption = () =>
  new Option('--prices <file>', 'JSON with prices of models (docs/own-tasks.md); by default a few of OpenAI');

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
    "how long a reply of a model's endpoint may take, to its last byte; by default 280, at most a day",
  ).argParser(secondsOf);

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MOST_SECONDS)) throw new InvalidArgumentError('Give seconds above 0, at most a day.');
  return value;
}
