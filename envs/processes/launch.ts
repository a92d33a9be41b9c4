import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { offerOf } from '../client-files/offers.ts';
import { SYSTEM_PATH } from '../confinement/levels/programs.ts';
import type { Place, ServerDefinition } from '../server-definition.ts';
import { boxOf } from './boxes.ts';
import { connect, type Connection, type Launch } from './connection.ts';
import type { CallDeadline } from './call-deadline.ts';
import { callCeilingOf, callDeadlineOf, startDeadlineOf } from './deadlines.ts';
import { connectHttp } from './http-connection.ts';
import { additionOf, serverPackage } from './packages.ts';
import { type ServerFolders, visibleRoot } from './server-folders.ts';
import { timedStart } from './start-times.ts';
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
      ? connectHttp({
          server: definition.name,
          url: reach.url,
          headers: reach.headers,
          isSse: reach.isSse,
          offer: offerOf(definition),
          ...deadlines,
        })
      : connect({ ...launchOf(definition, folders), ...deadlines }, supervisor),
  );
}

type Program = Omit<Launch, 'startDeadlineMilliseconds' | keyof CallDeadline>;

/** The command line and environment of a server. The environment is complete: nothing of ours leaks into it. */
function launchOf(definition: ServerDefinition, folders: ServerFolders): Program {
  const root = visibleRoot(folders);
  const place = placeIn(definition, root);
  const shared = {
    server: definition.name,
    folder: folders.state,
    expectedTools: definition.expectedTools,
    isOwn: definition.own !== undefined,
  };
  const environment = usualEnvironment(place);
  const boxed = (command: readonly string[], folder = place.folder): Pick<Program, 'command' | 'arguments'> => {
    const [program, ...rest] =
      folders.wall?.wrap({ ...boxOf(definition, folders, place, root), folder }, command) ?? command;
    return { command: program as string, arguments: rest };
  };
  const reach = definition.own?.reach;
  if (reach?.kind === 'stdio') {
    const also = folders.wall ? ' It is confined: `readable` in its block names what else it may read.' : '';
    const folder = reach.workingFolder(folders.state);
    if (folder.startsWith(folders.state)) mkdirSync(folder, { recursive: true });
    return {
      ...shared,
      folder,
      offer: offerOf(definition),
      ...boxed([reach.command(place.folder), ...definition.arguments(place)], reach.workingFolder(place.folder)),
      // No preload: a clock that stands still breaks certificates and tokens of the network that it may need.
      environment: { ...environment, ...definition.environment(place) },
      cure: `See whether its command runs in a shell, with the same arguments and environment.${also}`,
    };
  }
  const { folder: packageFolder, root: modules } = serverPackage(definition);
  const script = join(packageFolder, definition.entry);
  const runner = definition.runtime?.(modules, folders.preload) ?? [process.execPath];
  const whole = { ...environment, NODE_OPTIONS: `--require=${folders.preload}`, ...definition.environment(place) };
  // Programs on the way to a box add to the environment, and change its order, which a server may tell.
  const pairs = Object.entries(whole).map(([name, value]) => `${name}=${value}`);
  const clean = folders.wall?.movesPaths ? ['/usr/bin/env', '-i', ...pairs] : [];
  const { name, onRequest } = definition;
  return {
    ...shared,
    ...(onRequest ? { cure: `Add it again: "toolstone servers remove ${name}", then "${additionOf(name)}".` } : {}),
    ...boxed([...clean, ...runner, script, ...definition.arguments(place)]),
    environment: whole,
  };
}

/** A command of the user's beside a server, in the server's folder and with its environment. */
export function programIn(
  definition: ServerDefinition,
  folders: ServerFolders,
  words: (folder: string) => readonly string[],
): Pick<Launch, 'command' | 'arguments' | 'folder' | 'environment'> {
  const root = visibleRoot(folders);
  const place = placeIn(definition, root);
  const command = words(place.folder);
  const [program = '', ...rest] = folders.wall?.wrap(boxOf(definition, folders, place, root), command) ?? command;
  const environment = { ...usualEnvironment(place), ...definition.environment(place) };
  return { command: program, arguments: rest, folder: folders.state, environment };
}

const placeIn = ({ name }: ServerDefinition, root: string): Place => ({
  folder: `${root}/${name}`,
  home: `${root}/.home/${name}`,
});

const usualEnvironment = ({ home }: Place) => ({
  PATH: SYSTEM_PATH,
  HOME: home,
  TMPDIR: home,
  TZ: 'UTC',
  LC_ALL: 'C.UTF-8',
});
