import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ConfinementLevel, strictLevels } from '../../core/confinement.ts';
import { UsageError } from '../../core/errors.ts';
import { confinement, faultText } from '../confinement/choice.ts';
import { systemFolders } from '../confinement/levels/programs.ts';
import { asItIs, type Box, type Mount, type Wall } from '../confinement/levels/wall.ts';
import { wallOf } from '../confinement/levels/walls.ts';
import type { Place, ServerDefinition } from '../server-definition.ts';
import { serverPackage } from './packages.ts';

/**
 * What a server is confined by at a level; `null` where nothing is put around it.
 * @throws UsageError where a user's own server was to be confined, or one of the catalogue needs a wall, and it cannot be had.
 */
export function wallFor(definition: ServerDefinition, level: ConfinementLevel): Wall | null {
  const { name, own } = definition;
  const fault = wallFault(definition, level);
  if (fault !== undefined) throw new UsageError(fault);
  if (own && !isConfined(own)) return null;
  const wall = wallOf(level);
  if (own?.reach.kind === 'http')
    throw new UsageError(
      `Server ${name} is reached over HTTP, where nobody can confine it. Leave out --confinement strict, or the server.`,
    );
  if (own && wall === null)
    throw new UsageError(
      `Server ${name} is to be confined (\`confine: true\`), and checks of arguments do not confine it. ` +
        `Take another level: ${(['bubblewrap', 'namespaces', 'landlock'] as const).map(faultText).join(' ')}`,
    );
  return wall;
}

/** Why a server is not offered at a level that does not hold it; absent where it is. */
export function wallFault({ name, needsWall }: ServerDefinition, level: ConfinementLevel): string | undefined {
  if (needsWall === undefined || strictLevels.includes(level)) return undefined;
  const stronger = strictLevels.filter((one) => wallOf(one)?.fault() === undefined);
  return (
    `The server ${name} ${needsWall}, and is offered only behind a wall that shows it nothing of this machine. Here servers are ` +
    `confined at the level "${level}". ` +
    (stronger.length === 0
      ? `Stronger levels: ${strictLevels.map(faultText).join(' ')}`
      : `Leave out --confinement, or take a stronger level: ${stronger.join(' or ')}.`)
  );
}

/** Whether a user's own server is to be confined. */
export function isConfined({ source: { block } }: NonNullable<ServerDefinition['own']>): boolean {
  return confinement().isStrict || ('command' in block && block.confine === true);
}

/** What a server has of the machine: its own root, programs to read, and the network where its user says so. */
export function boxOf(definition: ServerDefinition, folders: ServedFolders, place: Place, root: string): Box {
  const { own } = definition;
  const block = own?.source.block;
  return {
    folder: place.folder,
    writable: [{ real: folders.root, shown: root }],
    readable: readable(own ? ownPaths(own) : cataloguePaths(definition, folders.preload)),
    network: block !== undefined && 'command' in block && block.network === true,
  };
}

interface ServedFolders {
  readonly root: string;
  readonly preload: string;
}

/** The system's programs, Node, and these. */
export function readable(paths: readonly string[]): readonly Mount[] {
  const all = [...systemFolders(), dirname(process.execPath), ...paths].filter((path) => existsSync(path));
  const isCovered = (path: string) => all.some((other) => path !== other && path.startsWith(`${other}/`));
  return [...new Set(all)].filter((path) => !isCovered(path)).map(asItIs);
}

function cataloguePaths(definition: ServerDefinition, preload: string): readonly string[] {
  const { root, realRoot } = serverPackage(definition);
  return [root, realRoot, preload, ...(definition.programs?.() ?? [])];
}

/** What says who the machine talks to, and whom it trusts. */
const NETWORK_FILES = ['hosts', 'nsswitch.conf', 'passwd', 'resolv.conf', 'ssl', 'ca-certificates', 'pki'];

function ownPaths({ source, reads }: NonNullable<ServerDefinition['own']>): readonly string[] {
  const folders = [source.folder, ...reads];
  return [
    ...folders,
    ...folders.flatMap(packageFilesAbove),
    // npm and npx lie beside Node.
    join(dirname(process.execPath), '..', 'lib'),
    ...NETWORK_FILES.map((name) => `/etc/${name}`),
  ].flatMap((path) => (existsSync(path) ? [path, realpathSync(path)] : []));
}

/** By these Node tells what kind of module a file is, and it ends where one is closed to it. */
function packageFilesAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return [join(above, 'package.json'), ...(above === folder ? [] : packageFilesAbove(above))];
}
