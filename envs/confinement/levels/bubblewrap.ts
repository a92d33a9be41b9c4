import { faultByTrial, findProgram } from './programs.ts';
import { DEVICES, STANDARD_STREAMS } from './devices.ts';
import type { Box, Wall } from './wall.ts';

/** The program bubblewrap: namespaces of its own for users, files, processes and the network. */
export const bubblewrap: Wall = {
  title: 'bubblewrap',
  cure: 'sudo apt install bubblewrap',
  movesPaths: true,
  fault: () =>
    faultByTrial('bubblewrap', () => (findProgram('bwrap') === null ? 'there is no program bwrap' : undefined), wrap),
  wrap,
};

function wrap({ folder, writable, readable, network }: Box, command: readonly string[]): string[] {
  const options = [
    // Without rights over its namespaces a program cannot take away what follows, even where the user is root.
    ['--unshare-user-try', '--cap-drop', 'ALL', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    network ? [] : ['--unshare-net'],
    ['--die-with-parent', '--proc', '/proc'],
    // No terminal among them: who has one can type on it.
    ...DEVICES.map((path) => ['--dev-bind-try', path, path]),
    ...STANDARD_STREAMS.map(([name, target]) => ['--symlink', target, `/dev/${name}`]),
    ...readable.map(({ real, shown }) => ['--ro-bind', real, shown]),
    ...writable.map(({ real, shown }) => ['--bind', real, shown]),
    // Where the user is root, much below /proc is the program's own to write, such as what runs when a program crashes.
    ['--remount-ro', '/proc', '--remount-ro', '/', '--chdir', folder, '--'],
  ];
  return [findProgram('bwrap') ?? 'bwrap', ...options.flat(), ...command];
}
