import type { Criterion } from '../../core/reward-types.ts';
import type { Split, Suite } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';

/** The split that stands for a suite where none is named: `test`, or the first that it has. */
export const defaultSplit = ({ splits }: Suite): Split => (splits.includes('test') ? 'test' : (splits[0] as Split));

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

/** One task of every family, of the default split or, where a family is held out, of its own. */
export function samples(suite: Suite) {
  const sampleSplits = new Set<Split>([
    defaultSplit(suite),
    ...suite.splits.filter((split) => split === 'held-out-family'),
  ]);
  return [...sampleSplits].flatMap((split) => suite.tasks(split, suite.families.length));
}

/** Criteria with their weights by task family. */
export const rubricsOf = (suite: Suite): Record<string, readonly Criterion[]> =>
  Object.fromEntries(samples(suite).map((task) => [task.family, task.rubric.criteria]));

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
