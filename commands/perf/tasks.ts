import { clock, type PerfGroup } from './measure.ts';
import broad from '../../suites/broad.ts';

const count = 1000;

/** Tasks made from names alone, with their files, facts and rubrics: no server is started. */
export const taskPerf: PerfGroup = {
  name: 'tasks',
  open: async () => ({
    comparisons: [
      {
        what: `${count} tasks of suite broad made`,
        unit: 's',
        ours: {
          name: 'one thread',
          sample: async () => {
            const started = clock();
            broad.tasks('train', count);
            return (clock() - started) / 1000;
          },
        },
        target: { of: 'ours', atMost: 1 },
      },
    ],
    close: async () => undefined,
  }),
};
