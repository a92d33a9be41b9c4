import { existsSync, readFileSync } from 'node:fs';

/** How to start a program so that it leads a process group: signals reach its children, a terminal's Ctrl-C does not. */
export interface GroupLaunch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly detached: boolean;
}

const PERL = '/usr/bin/perl';
const AUTOGROUP = '/proc/sys/kernel/sched_autogroup_enabled';
const SCRIPT = 'setpgrp; exec { $ARGV[0] } @ARGV or die "could not be run ($!)\\n"';

/**
 * Node gives a group only together with a session (`detached`). Where Linux shares the processor between sessions, ten
 * servers with a session each cost a fifth to a third of the episodes per second; Perl, which most systems have, gives a
 * group alone and then becomes the program.
 */
export function inOwnGroup(command: string, args: readonly string[]): GroupLaunch {
  if (!sessionIsDear()) return { command, arguments: args, detached: true };
  return { command: PERL, arguments: ['-e', SCRIPT, command, ...args], detached: false };
}

let isSessionDear: boolean | undefined;

/** A session per server is dear here, and there is a way around it. */
function sessionIsDear(): boolean {
  isSessionDear ??= existsSync(PERL) && existsSync(AUTOGROUP) && readFileSync(AUTOGROUP, 'utf8').trim() === '1';
  return isSessionDear;
}
