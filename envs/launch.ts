import { delimiter, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Launch } from './connection.ts';
import { installedPackage } from './packages.ts';
import { WORLD_ROOT } from './paths.ts';
import type { Place, ServerDefinition } from './server-definition.ts';

/** Real folders of one server in one lane, and the folder that the server knows as its world's root. */
export interface Berth {
  readonly laneFolder: string;
  readonly folder: string;
  readonly home: string;
  readonly isBoxed: boolean;
}

const PRELOAD = '.toolstone/clock.cjs';
const START_DEADLINE_MILLISECONDS = 30_000;

/** Puts the clock preload into a lane, where its path is the same on every machine once mapped. */
export function installPreload(laneFolder: string): void {
  mkdirSync(dirname(preloadPath(laneFolder)), { recursive: true });
  copyFileSync(fileURLToPath(new URL('./preload/clock.cjs', import.meta.url)), preloadPath(laneFolder));
}

const preloadPath = (laneFolder: string): string => join(laneFolder, PRELOAD);

/** Path of the lane's root as the server sees it: in bubblewrap it is the constant one. */
export const visibleRoot = ({ isBoxed, laneFolder }: Berth): string => (isBoxed ? WORLD_ROOT : laneFolder);

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

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/* ---- bubblewrap ---- */

const SYSTEM_FOLDERS = ['/usr', '/bin', '/lib', '/lib64', '/lib32', '/etc/ld.so.cache', '/etc/localtime'];

function boxed(definition: ServerDefinition, berth: Berth, place: Place): string[] {
  const readable = [...SYSTEM_FOLDERS, dirname(process.execPath), installedPackage(definition.package).root];
  const options = [
    ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ['--bind', berth.folder, place.folder, '--bind', berth.home, place.home],
    ['--ro-bind', preloadPath(berth.laneFolder), preloadPath(WORLD_ROOT)],
    ['--chdir', place.folder, '--unshare-pid', '--unshare-net', '--die-with-parent', '--'],
  ];
  const readOnly = readable.filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]);
  return [bubblewrap() as string, ...readOnly, ...options.flat()];
}

let boxProgram: string | null | undefined;

/** Path of a bubblewrap that works here, or `null`. Asked once per process. */
export function bubblewrap(): string | null {
  if (boxProgram === undefined) {
    const found = findProgram('bwrap');
    boxProgram = found !== null && boxWorks(found) ? found : null;
  }
  return boxProgram;
}

function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? SYSTEM_PATH).split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

function boxWorks(program: string): boolean {
  const probe = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-pid', '--unshare-net', 'true'];
  return spawnSync(program, probe, { stdio: 'ignore', timeout: 5000 }).status === 0;
}
