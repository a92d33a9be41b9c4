import type { TableName } from '../../core/run-types.ts';
import { armsOf, bySplit } from '../arms/arms.ts';
import { estimate, properFinish, seedCount, taskCount, verified } from '../arms/readings.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'table', title: 'Table', kind: 'text' },
  { key: 'arm', title: 'Row', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'family', title: 'Family', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'proper_finish', title: 'Proper finish', kind: 'share' },
];

const tables: readonly TableName[] = ['rewards', 'views', 'algorithms'];

/** Success by task family, for every row of the three main tables. */
export default function familiesTable(runs: readonly Run[]): Table {
  const rows = tables.flatMap((table) =>
    armsOf(runs, table).flatMap((arm) =>
      bySplit(arm).flatMap(({ split, episodes }) =>
        [...new Set(episodes.map(({ family }) => family))].sort().map((family) => {
          const ofFamily = episodes.filter((episode) => episode.family === family);
          return {
            table,
            arm: arm.label,
            split,
            family,
            tasks: taskCount(ofFamily),
            seeds: seedCount(ofFamily),
            verifier_success: estimate(ofFamily, verified),
            proper_finish: estimate(ofFamily, properFinish),
          };
        }),
      ),
    ),
  );
  return {
    name: 'families',
    title: 'Task families',
    about: 'The same figures by family. Few tasks each: read the intervals first.',
    columns,
    rows,
  };
}
