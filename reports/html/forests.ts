import type { NamedArms } from '../arms/named-arms.ts';
import type { Headline } from '../headline/headline.ts';
import type { TableName } from '../../core/run-types.ts';
import { markup, rawMarkup, type Markup } from '../markup.ts';
import { cellText, isEstimate, type Cell, type Table } from '../tables/table.ts';
import { canvas } from './section.ts';

/** A figure with its interval on a line of its own, one below the other, that `page/forests.js` draws. */
export interface Forest {
  /** Part of the page that shows it. */
  readonly part: string;
  readonly title: string;
  readonly measure: 'success' | 'difference';
  readonly rows: readonly ForestRow[];
}

export interface ForestRow {
  /** One line each. */
  readonly names: readonly string[];
  /** Number of the arm that it is about; `null`: of two. */
  readonly arm: number | null;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Tables whose rows are differences of two arms. */
const ofDifferences: Readonly<Record<string, TableName>> = {
  'policy-differences': 'algorithms',
  differences: 'rewards',
  'algorithm-differences': 'algorithms',
  'view-differences': 'views',
};

/** Success of the headline's arms, and the differences of each split. */
export default function forestsOf(headline: Headline | null, tables: readonly Table[], arms: NamedArms): Forest[] {
  const success: Forest[] =
    headline === null
      ? []
      : [
          {
            part: 'headline',
            title: `verifier success on ${headline.split}`,
            measure: 'success',
            rows: headline.arms.map(({ arm, success: { value, low, high } }) => ({
              names: [arm.name],
              arm: arm.number,
              value,
              low: low ?? value,
              high: high ?? value,
            })),
          },
        ];
  return [...success, ...tables.flatMap((table) => differencesOf(table, arms))];
}

function differencesOf({ name, rows }: Table, arms: NamedArms): Forest[] {
  const read = name === 'tool-differences' ? toolRow : ofDifferences[name] && armRow(ofDifferences[name], arms);
  if (!read) return [];
  return [...Map.groupBy(rows, ({ split }) => cellText(split))].flatMap(([split, ofSplit]): Forest[] => {
    const lines = ofSplit.flatMap((row): ForestRow[] => {
      const { names, difference } = read(row);
      if (!isEstimate(difference) || difference.low === null || difference.high === null) return [];
      const { value, low, high } = difference;
      return [{ names, arm: null, value, low, high }];
    });
    return lines.length === 0 ? [] : [{ part: name, title: split, measure: 'difference', rows: lines }];
  });
}

type Row = Table['rows'][number];
type NamedDifference = Pick<ForestRow, 'names'> & { readonly difference: Cell | undefined };

function armRow(table: TableName, arms: NamedArms): (row: Row) => NamedDifference {
  const called = (cell: Cell | undefined) => arms.ofRow(table, cellText(cell))?.name ?? cellText(cell);
  return ({ first, second, verifier_success: difference }) => ({
    names: [called(first), `less ${called(second)}`],
    difference,
  });
}

const toolRow = ({ server, tool, arm, success_difference: difference }: Row): NamedDifference => ({
  names: [`${cellText(server)}.${cellText(tool)}`, cellText(arm)],
  difference,
});

/** Heights in rem: of a line of a name with its margin, and of the axis. */
const lineRem = 1.35;
const marginRem = 0.6;
const axisRem = 4;

/** The forests of a part of the page side by side; nothing where it has none. */
export function forestFigures(forests: readonly Forest[], part: string): Markup | null {
  const figures = forests.flatMap(({ part: whose, title, measure, rows }, index) => {
    if (whose !== part) return [];
    const lines = Math.max(...rows.map(({ names }) => names.length));
    const height = (rows.length * (lines * lineRem + marginRem) + axisRem).toFixed(1);
    const what = measure === 'success' ? title : `difference of verifier success on ${title}`;
    return [
      markup`
        <figure class="forest">
          <h3>${title}</h3>
          ${canvas(`chart-forest-${index}`, `${what}: ${rows.length} figures with their intervals`, rawMarkup(` style="height:${height}rem"`))}
        </figure>`,
    ];
  });
  return figures.length === 0 ? null : markup`<div class="grid">${figures}</div>`;
}
