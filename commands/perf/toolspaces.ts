import { listedToolList, readKeptList } from '../../envs/listed/kept-list.ts';
import { isPermissive } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { toolIndex } from '../../envs/view-parts/tool-index.ts';
import { milliseconds, type PerfGroup } from './measure.ts';

/** A toolspace of all listed servers, opened from their files, beside the reading and parsing of these alone. */
export const toolspacePerf: PerfGroup = {
  name: 'toolspaces',
  open: async () => {
    const sources = listedSources.filter(isPermissive);
    const open = () =>
      toolIndex({
        servers: sources.map(({ name, summary }) => ({ name, summary })),
        tools: sources.flatMap((source) => listedToolList(source).tools),
      });
    const tools = [...open().tools.values()].reduce((sum, { size }) => sum + size, 0);
    return {
      comparisons: [
        {
          what: `toolspace of ${tools} kept tools`,
          unit: 'ms',
          ours: { name: 'opened', sample: () => milliseconds(open, 1) },
          yardstick: {
            name: 'files read and parsed',
            sample: () => milliseconds(() => sources.forEach((source) => readKeptList(source)), 1),
          },
          target: { of: 'ratio', atMost: 3 },
        },
      ],
      close: async () => undefined,
    };
  },
};
