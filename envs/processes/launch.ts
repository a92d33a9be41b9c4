import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Berth, preloadPath, visibleRoot } from './server-folders.ts';
import { bubblewrap, SYSTEM_FOLDERS, SYSTEM_PATH } from './bubblewrap.ts';
import { connect, type Connection, type Launch } from './connection.ts';
import { connectHttp } from './http-connection.ts';
import { installedPackage } from './packages.ts';
import { WORLD_ROOT } from '../paths.ts';
import type { Place, ServerDefinition } from '../server-definition.ts';
import type { Supervisor } from './supervisor.ts';

const START_DEADLINE_MILLISECONDS = 30_000;

/** What others run may wait for other machines; those of the catalogue do not. */
const OWN_PATIENCE = 6;

/** Starts a server, or opens a session with one that runs already. @throws UsageError when that comes to nothing. */
export function startServer(
  definition: ServerDefinition,
  berth: Berth,
  callDeadlineMilliseconds: number,
  supervisor: Supervisor,
): Promise<Connection> {
  const reach = definition.own?.reach;
  if (reach?.kind !== 'http') return connect(launchOf(definition, berth, callDeadlineMilliseconds), supervisor);
  return connectHttp({
    server: definition.name,
    url: reach.url,
    headers: reach.headers,
    startDeadlineMilliseconds: START_DEADLINE_MILLISECONDS,
    callDeadlineMilliseconds: callDeadlineMilliseconds * OWN_PATIENCE,
  });
}

/** The command line and environment of a server. The environment is complete: nothing of ours leaks into it. */
function launchOf(definition: ServerDefinition, berth: Berth, callDeadlineMilliseconds: number): Launch {
  const root = visibleRoot(berth);
  const place: Place = { folder: `${root}/${definition.name}`, home: `${root}/.home/${definition.name}` };
  const shared = {
    server: definition.name,
    folder: berth.folder,
    expectedTools: definition.expectedTools,
    startDeadlineMilliseconds: START_DEADLINE_MILLISECONDS,
  };
  const environment = {
    PATH: SYSTEM_PATH,
    HOME: place.home,
    TMPDIR: place.home,
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
  };
  const reach = definition.own?.reach;
  if (reach?.kind === 'stdio')
    return {
      ...shared,
      command: reach.command(place.folder),
      arguments: definition.arguments(place),
      // No preload: a clock that stands still breaks certificates and tokens of the network that it may need.
      environment: { ...environment, ...definition.environment(place) },
      callDeadlineMilliseconds: callDeadlineMilliseconds * OWN_PATIENCE,
      cure: 'See whether its command runs in a shell, with the same arguments and environment.',
    };
  const script = join(installedPackage(definition.package).folder, definition.entry);
  const command = [process.execPath, script, ...definition.arguments(place)];
  const [program, ...rest] = berth.isBoxed ? [...boxed(definition, berth, place), ...command] : command;
  return {
    ...shared,
    command: program as string,
    arguments: rest,
    environment: {
      ...environment,
      NODE_OPTIONS: `--require=${preloadPath(root)}`,
      ...definition.environment(place),
    },
    callDeadlineMilliseconds,
  };
}

/* ---- bubblewrap ---- */

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
