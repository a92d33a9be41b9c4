import type { Suite } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { defaultSplit } from './samples.ts';

/** What a grid of jobs may measure on, where it does if nothing else is said, and what it may train on. */
export const choicesOf = (suite: Suite) => ({
  split: defaultSplit(suite),
  splits: suite.splits,
  ...(suite.splits.includes('train') ? { families: trainedFamilies(suite) } : {}),
});

/** They take turns, so that as many tasks as there are families of any kind show each of them. */
const trainedFamilies = (suite: Suite) => [
  ...new Set(suite.tasks('train', suite.families.length).map(({ family }) => family)),
];

/** Families, splits and servers of a suite in a few lines. */
export function describeSuite({ name, summary, families, splits, servers, heldOutServers }: Suite): string {
  const heldOut = heldOutServers.filter((server) => !servers.includes(server));
  return [
    `${name}: ${summary}`,
    `  families: ${families.join(', ')}`,
    `  splits: ${splits.join(', ')}`,
    `  servers: ${servers.join(', ')}`,
    ...(heldOut.length > 0 ? [`  held-out servers: ${heldOut.join(', ')}`] : []),
  ].join('\n');
}

/** How large a suite is: `tools` are those offered at once in its default split. */
export const sizeOf = ({ name, families, servers }: Suite) => ({
  name,
  families: families.length,
  servers: servers.length,
  tools: toolspaceOf(servers).tools.length,
});
