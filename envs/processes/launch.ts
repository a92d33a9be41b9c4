import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ServerFolders, preloadPath, visibleRoot } from './server-folders.ts';
import { bubblewrap, SYSTEM_FOLDERS, SYSTEM_PATH } from './bubblewrap.ts';
import { connect, type Connection, type Launch } from './connection.ts';
import type { CallDeadline } from './call-deadline.ts';
import { callCeilingOf, callDeadlineOf, startDeadlineOf } from './deadlines.ts';
import { connectHttp } from './http-connection.ts';
import { installedPackage } from './packages.ts';
import { timedStart } from './start-times.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';
import type { Place, ServerDefinition } from '../server-definition.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Starts a server, or opens a session with one that runs already. `callDeadlineMilliseconds` is that of a server of the
 * catalogue, where the user gave none.
 * @throws StartFailure when that comes to nothing.
 */
export function startServer(
  definition: ServerDefinition,
  folders: ServerFolders,
  callDeadlineMilliseconds: number,
  supervisor: Supervisor,
): Promise<Connection> {
  const reach = definition.own?.reach;
  const callMilliseconds = callDeadlineOf(definition, callDeadlineMilliseconds);
  const deadlines = {
    startDeadlineMilliseconds: startDeadlineOf(definition),
    callDeadlineMilliseconds: callMilliseconds,
    callCeilingMilliseconds: callCeilingOf(definition, callMilliseconds),
  };
  return timedStart(definition, () =>
    reach?.kind === 'http'
      ? connectHttp({ server: definition.name, url: reach.url, headers: reach.headers, ...deadlines })
      : connect({ ...launchOf(definition, folders), ...deadlines }, supervisor),
  );
}

type Program = Omit<Launch, 'startDeadlineMilliseconds' | keyof CallDeadline>;

/** The command line and environment of a server. The environment is complete: nothing of ours leaks into it. */
function launchOf(definition: ServerDefinition, folders: ServerFolders): Program {
  const root = visibleRoot(folders);
  const place: Place = { folder: `${root}/${definition.name}`, home: `${root}/.home/${definition.name}` };
  const shared = {
    server: definition.name,
    folder: folders.state,
    expectedTools: definition.expectedTools,
    isOwn: definition.own !== undefined,
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
      cure: 'See whether its command runs in a shell, with the same arguments and environment.',
    };
  const script = join(installedPackage(definition.package).folder, definition.entry);
  const command = [process.execPath, script, ...definition.arguments(place)];
  const [program, ...rest] = folders.isSandboxed ? [...sandboxPrefix(definition, folders, place), ...command] : command;
  return {
    ...shared,
    command: program as string,
    arguments: rest,
    environment: {
      ...environment,
      NODE_OPTIONS: `--require=${preloadPath(root)}`,
      ...definition.environment(place),
    },
  };
}

/* ---- bubblewrap ---- */

function sandboxPrefix(definition: ServerDefinition, folders: ServerFolders, place: Place): string[] {
  const { root, realRoot } = installedPackage(definition.package);
  const readable = [...SYSTEM_FOLDERS, dirname(process.execPath), root, realRoot].filter((path) => existsSync(path));
  const options = [
    // First, since what follows may lie below them.
    ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.map((path) => ['--ro-bind', path, path]),
    ['--bind', folders.state, place.folder, '--bind', folders.home, place.home],
    ['--ro-bind', preloadPath(folders.lane), preloadPath(WORLD_ROOT)],
    ['--chdir', place.folder, '--unshare-pid', '--unshare-net', '--die-with-parent', '--'],
  ];
  return [bubblewrap() as string, ...options.flat()];
}
