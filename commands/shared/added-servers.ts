import { messageOf, UsageError } from '../../core/errors.ts';
import { offeringFault } from '../../envs/offering.ts';
import { additionOf, packageFault, pinnedOf, serverPackage } from '../../envs/processes/packages.ts';
import { addPinned, pinnedFolder, removePinned } from '../../envs/processes/pinned-packages.ts';
import { installableNames, serverDefinition } from '../../envs/server-list.ts';
import { installListed, removeListed } from './keep-list.ts';
import { print, tell } from './printing.ts';

/**
 * Adds servers one after the other; one that cannot be added keeps none of the others out. Rejects with `UsageError` that names all
 * that could not be added.
 */
export async function installServers(names: readonly string[]): Promise<void> {
  const faults: string[] = [];
  for (const name of names)
    try {
      await installServer(name);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      faults.push(messageOf(error));
    }
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
}

async function installServer(name: string): Promise<void> {
  const definition = serverDefinition(name);
  const { listed, onRequest, package: packageName } = definition;
  if (listed) return installListed(listed.source);
  const pinned = pinnedOf(definition);
  if (pinned && onRequest && packageFault(definition) !== undefined) {
    const { builds = [], megabytes, version } = onRequest;
    const build = builds.length === 0 ? '' : `, and building ${builds.join(', ')}, which takes a minute or two`;
    tell(`Adding ${packageName} ${version} (${megabytes} MB)${build}.`);
    addPinned(pinned);
  }
  const { version, folder } = serverPackage(definition);
  print(`The server ${name} is installed: ${packageName} ${version} in ${folder}.`);
  const fault = offeringFault(name);
  if (fault !== undefined) tell(fault);
}

/**
 * Takes servers, or lists of those that are not run, out of the user's cache.
 * @throws UsageError for one that comes with Toolstone.
 */
export function removeServers(names: readonly string[]): void {
  for (const name of names) {
    const definition = serverDefinition(name);
    if (definition.listed) {
      removeListed(definition.listed.source);
      continue;
    }
    const pinned = pinnedOf(definition);
    if (!pinned)
      throw new UsageError(
        `The server ${name} comes with Toolstone and is not removed. Those that can be: ${installableNames.join(', ')}.`,
      );
    print(
      removePinned(pinned)
        ? `The server ${name} is removed. Add it again with: ${additionOf(name)}`
        : `The server ${name} is not in the cache: there is no ${pinnedFolder(pinned)}.`,
    );
  }
}
