import { type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { confinementLevels, type ConfinementLevel } from '../../core/confinement.ts';

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

/** Of commands whose policies may be models behind endpoints. */
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
