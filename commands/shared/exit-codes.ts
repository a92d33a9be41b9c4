import { CommanderError } from '@commander-js/extra-typings';
import { Incomparable, Interrupted, messageOf, UsageError } from '../../core/errors.ts';
import { toTerminal } from '../../core/terminal.ts';

/** What the process ends with. */
export const exitCodes = {
  well: 0,
  /** The gate found a regression, or what was checked fails: a task, a server, a budget, what a run was asked to reach, a new build, a stored run. */
  regressed: 1,
  /** Also what a command needs and cannot have, such as an endpoint: whatever throws `UsageError`. */
  wrongUse: 2,
  /** Void episodes, servers that did not start, no task drafted, a finetuning that cannot succeed. */
  notEnoughData: 3,
  /** Drift: what is compared was given other tools, prompts or models; also a recording of another run, or one that lacks answers. */
  incomparable: 4,
  ownFault: 70,
  interrupted: 130,
} as const;

/** Stands below the help. */
export const exitCodesText = `Exit codes:
  0    success
  1    the gate found a regression, a run misses --fail-on or --min-success, or a check failed: a broken task,
       a server that does not work, a total above --budget, verdicts that differ between builds of a judge, a run of
       which \`verify\` finds that something differs
  2    usage error, or something that the command needs cannot be had, such as an endpoint or a server; also a run
       in which one of several policies had to stop
  3    not enough data: episodes are void (with \`run\`, all of them), a server did not start, no task was drafted,
       or a finetuning was stopped because it could not succeed
  4    the gate found drift and no regression (docs/gate.md), or what is to be compared does not fit: two runs with
       other tools, for example, one whose servers changed their tools, or a replay and a recording that lacks answers
  70   an internal error of Toolstone
  130  interrupted`;

/** Every failure is a sentence on standard error, and an exit code that says whose it is. */
export function failWith(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.well : exitCodes.wrongUse;
  else if (error instanceof Interrupted) process.exitCode = exitCodes.interrupted;
  else if (error instanceof UsageError || error instanceof Incomparable) {
    toTerminal(process.stderr, `${error.message}\n`);
    process.exitCode = error instanceof Incomparable ? exitCodes.incomparable : exitCodes.wrongUse;
  } else {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    toTerminal(process.stderr, `This is an internal error of Toolstone: ${messageOf(error)}\n${stack}\n`);
    process.exitCode = exitCodes.ownFault;
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
