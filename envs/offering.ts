import { confinement } from './confinement/choice.ts';
import { wallFault } from './processes/boxes.ts';
import { packageFault } from './processes/packages.ts';
import { serverDefinition, serverNames } from './server-list.ts';

/**
 * Why a server is not offered on this machine, with the command that helps: its package is not installed, or nothing here
 * holds what it does. Undefined where it is, for users' own, of which only their start can tell, and for those that are listed and not run.
 */
export function offeringFault(server: string): string | undefined {
  const definition = serverDefinition(server);
  if (definition.own || definition.listed) return undefined;
  return packageFault(definition) ?? wallFault(definition, confinement().level);
}

/** Servers of the catalogue that are offered on this machine. */
export const catalogueHere = (): readonly string[] => serverNames.filter((name) => offeringFault(name) === undefined);
