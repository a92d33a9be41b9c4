import { type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings';

const MOST_SECONDS = 86_400;

/** Adds the deadlines of servers to a command that starts some; they hold from before its action. */
export function addDeadlineFlags(command: CommandUnknownOpts): void {
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
    .hook('preAction', async (_, acting) => {
      const { chooseDeadlines } = await import('../../envs/processes/deadlines.ts');
      const given = acting.opts() as Partial<Record<string, number>>;
      const { startDeadline: start, callDeadline: call, callCeiling: ceiling } = given;
      chooseDeadlines({
        ...(start === undefined ? {} : { start: start * 1000 }),
        ...(call === undefined ? {} : { call: call * 1000 }),
        ...(ceiling === undefined ? {} : { ceiling: ceiling * 1000 }),
      });
    });
}

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MOST_SECONDS)) throw new InvalidArgumentError('Give seconds above 0, at most a day.');
  return value;
}
