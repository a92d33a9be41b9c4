import { existsSync, readFileSync } from 'node:fs';

type Row = Readonly<Record<string, string>>;

const ofEstimate = /_(?:low|high|tasks|seeds|episodes|method)$/;

/**
 * Numbers of a cell as a table's Markdown prints them: an estimate's value, low and high end, or a number alone. `rows` are those of
 * the table's CSV, of which `row` is one. Nothing where there is no such file, or where it is laid out otherwise.
 */
export function printedNumbers(path: string, rows: readonly Row[], row: Row, column: string): readonly string[] {
  if (!existsSync(path)) return [];
  const [head, , ...body] = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map(cellsOf);
  const keys = Object.keys(row);
  const columns = keys.filter(
    (key) => !keys.includes(`${key.replace(ofEstimate, '')}_method`) || !ofEstimate.test(key),
  );
  if (head?.length !== columns.length || body.length !== rows.length) return [];
  const cell = body[rows.indexOf(row)]?.[columns.indexOf(column)] ?? '';
  return cell.replaceAll('−', '-').match(/-?\d+(?:\.\d+)?/g) ?? [];
}

const cellsOf = (line: string): string[] => line.slice(2, -2).split(/(?<!\\) \| /);
