import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultByTrial } from './programs.ts';
import { asItIs, type Box, type Wall } from './wall.ts';

const SCRIPT = fileURLToPath(new URL('./landlock.pl', import.meta.url));
export const PERL = '/usr/bin/perl';

/** Number of the system call `prctl`, which is older than the common numbers. */
const PRCTL: Readonly<Partial<Record<string, number>>> = {
  arm: 172,
  arm64: 167,
  ia32: 172,
  loong64: 167,
  ppc64: 171,
  riscv64: 167,
  s390x: 172,
  x64: 157,
};

/** A program may always look at itself and at the machine's size; nobody else's process stands below these. */
const OF_THE_PROCESS = ['/proc/self', '/proc/cpuinfo', '/proc/meminfo', '/proc/stat'];
const DEVICES_TO_WRITE = ['/dev/null', '/dev/zero', '/dev/full'];
const DEVICES_TO_READ = ['/dev/random', '/dev/urandom'];

/** The kernel's own checks of paths, bound to the process by Perl before it becomes the program. */
export const landlock: Wall = {
  title: 'Landlock',
  cure: 'a Linux kernel from 6.7 on, with lsm=landlock, and /usr/bin/perl',
  gaps:
    'UDP, sockets that are files, and the rights, owners and times of files elsewhere, whose names and sizes can be seen; ' +
    'before Linux 6.12 signals, too',
  movesPaths: false,
  fault: () => faultByTrial('landlock', missing, wrap),
  wrap,
};

function missing(): string | undefined {
  if (!existsSync(PERL)) return `there is no ${PERL}`;
  return PRCTL[process.arch] === undefined ? `its numbers are not known for ${process.arch}` : undefined;
}

function wrap({ folder, writable, readable, network }: Box, command: readonly string[]): string[] {
  const [read, write] = [
    [...readable, ...OF_THE_PROCESS.map(asItIs), ...DEVICES_TO_READ.map(asItIs)],
    [...writable, ...DEVICES_TO_WRITE.map(asItIs)],
  ].map((mounts) => mounts.map(({ real }) => real));
  return [
    PERL,
    SCRIPT,
    `${PRCTL[process.arch]}`,
    network ? 'network' : 'none',
    folder,
    ...(read ?? []).flatMap((path) => ['readable', path]),
    ...(write ?? []).flatMap((path) => ['writable', path]),
    '--',
    ...command,
  ];
}
