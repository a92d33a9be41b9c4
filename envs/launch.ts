import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Berth, preloadPath, visibleRoot } from './berth.ts';
import { bubblewrap, SYSTEM_PATH } from './bubblewrap.ts';
import type { Launch } from './connection.ts';
import { installedPackage } from './packages.ts';
import { WORLD_ROOT } from './paths.ts';
import type { Place, ServerDefinition } from './server-definition.ts';

const START_DEADLINE_MILLISECONDS = 30_000;

/** The command line and environment of a server. The environment is complete: nothing of ours leaks into it. */
export function launchOf(definition: ServerDefinition, berth: Berth, callDeadlineMilliseconds: number): Launch {
  const root = visibleRoot(berth);
  const place: Place = { folder: `${root}/${definition.name}`, home: `${root}/.home/${definition.name}` };
  const script = join(installedPackage(definition.package).folder, definition.entry);
  const command = [process.execPath, script, ...definition.arguments(place)];
  const [program, ...rest] = berth.isBoxed ? [...boxed(definition, berth, place), ...command] : command;
  return {
    server: definition.name,
    command: program as string,
    arguments: rest,
    folder: berth.folder,
    environment: {
      PATH: SYSTEM_PATH,
      HOME: place.home,
      TMPDIR: place.home,
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8',
      NODE_OPTIONS: `--require=${preloadPath(root)}`,
      ...definition.environment(place),
    },
    expectedTools: definition.expectedTools,
    startDeadlineMilliseconds: START_DEADLINE_MILLISECONDS,
    callDeadlineMilliseconds,
  };
}

/* ---- bubblewrap ---- */

const SYSTEM_FOLDERS = ['/usr', '/bin', '/lib', '/lib64', '/lib32', '/etc/ld.so.cache', '/etc/localtime'];

function boxed(definition: ServerDefinition, berth: Berth, place: Place): string[] {
  const { root, realRoot } = installedPackage(definition.package);
  const readable = [...SYSTEM_FOLDERS, dirname(process.execPath), root, realRoot].filter((path) => existsSync(path));
  const options = [
    // First, since what follows may lie below them.
    ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.map((path) => ['--ro-bind', path, path]),
    ['--bind', berth.folder, place.folder, '--bind', berth.home, place.home],
    ['--ro-bind', preloadPath(berth.laneFolder), preloadPath(WORLD_ROOT)],
    ['--chdir', place.folder, '--unshare-pid', '--unshare-net', '--die-with-parent', '--'],
  ];
  return [bubblewrap() as string, ...options.flat()];
}
