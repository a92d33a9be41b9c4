import { test } from 'vitest';
import { catalogueHere, offeringFault } from '../../envs/offering.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';

/** Servers of the catalogue that can be started on this machine: the others are no fault of a test. */
export const OFFERED: readonly string[] = catalogueHere();

/** Those of them that need no wall, so that they are offered at every level of confinement. */
export const OFFERED_EVERYWHERE = OFFERED.filter((name) => serverDefinition(name).needsWall === undefined);

/** A skipped test for each server that is left out, whose name says what adds it. */
export function tellLeftOut(): void {
  for (const name of serverNames) {
    const fault = offeringFault(name);
    if (fault !== undefined) test.skip(fault);
  }
}
