import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultByTrial, findProgram } from './programs.ts';
import { DEVICES } from './devices.ts';
import { asItIs, type Box, type Mount, type Wall } from './wall.ts';

const SCRIPT = fileURLToPath(new URL('./namespaces.sh', import.meta.url));

/** The same kinds of namespaces by the programs of util-linux, which every Linux has. */
export const namespaces: Wall = {
  title: 'namespaces',
  cure: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  movesPaths: true,
  fault: () =>
    faultByTrial(
      'namespaces',
      () => (findProgram('unshare') === null ? 'there is no program unshare (util-linux)' : undefined),
      wrap,
    ),
  wrap,
};

function wrap({ folder, writable, readable, network }: Box, command: readonly string[]): string[] {
  const unshare = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child', '--ipc', '--uts'];
  const devices = DEVICES.filter((path) => existsSync(path)).map(asItIs);
  return [
    findProgram('unshare') ?? 'unshare',
    ...unshare,
    ...(network ? [] : ['--net']),
    '--',
    '/bin/sh',
    SCRIPT,
    folder,
    ...[...devices, ...readable].flatMap(words('readable')),
    ...writable.flatMap(words('writable')),
    '--',
    ...command,
  ];
}

const words =
  (kind: string) =>
  ({ real, shown }: Mount) => [kind, real, shown];
