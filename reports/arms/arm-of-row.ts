import type { TableName } from '../../core/run-types.ts';
import { cellText, type Table } from '../tables/table.ts';
import type { NamedArm, NamedArms } from './named-arms.ts';

/** The columns of tables that name an arm, and the table of whose rows the name is. */
const armColumns: Readonly<Record<string, readonly (readonly [key: string, table: TableName])[]>> = {
  comparison: [['policy', 'algorithms']],
  'policy-differences': [
    ['first', 'algorithms'],
    ['second', 'algorithms'],
  ],
  differences: [
    ['first', 'rewards'],
    ['second', 'rewards'],
  ],
  'algorithm-differences': [
    ['first', 'algorithms'],
    ['second', 'algorithms'],
  ],
  'view-differences': [
    ['first', 'views'],
    ['second', 'views'],
  ],
  rewards: [['reward', 'rewards']],
  views: [['arm', 'views']],
  algorithms: [['algorithm', 'algorithms']],
  learning: [
    ['arm', 'rewards'],
    ['arm', 'algorithms'],
    ['arm', 'views'],
    ['arm', 'growth'],
  ],
  growth: [['arm', 'growth']],
  'growth-slopes': [['arm', 'growth']],
  tools: [
    ['arm', 'views'],
    ['arm', 'rewards'],
    ['arm', 'algorithms'],
  ],
};

/** The arm that a cell of a table names; `null` where it names none, or several. */
export function armOf(arms: NamedArms, table: string, row: Table['rows'][number], key: string): NamedArm | null {
  const label = cellText(row[key]);
  if (table === 'families') return key === 'arm' ? arms.ofRow(cellText(row['table']) as TableName, label) : null;
  const places = (armColumns[table] ?? []).filter(([column]) => column === key);
  return places.map(([, whose]) => arms.ofRow(whose, label)).find((arm) => arm !== null) ?? null;
}

/** A table with the one name that page and headline give each arm; its files keep their labels, by which rows are asked for. */
export const withArmNames = (arms: NamedArms, table: Table): Table => ({
  ...table,
  rows: table.rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, cell]) => [key, armOf(arms, table.name, row, key)?.name ?? cell] as const),
    ),
  ),
});
