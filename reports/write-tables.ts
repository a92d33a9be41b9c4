import { join } from 'node:path';
import type { AttackStamp } from '../core/calibration-types.ts';
import { chainNote } from '../core/record/chain.ts';
import { withTokensNamed } from './tables/tokens-named.ts';
import { withToolspaceNamed } from './tables/toolspace-named.ts';
import { tokensNamed } from '../core/record/counting-notes.ts';
import { writableFolder, writeWhole } from '../core/record/files.ts';
import algorithmsTable from './tables/algorithms.ts';
import comparisonTable, { isComparison } from './tables/comparison.ts';
import differencesTable, {
  algorithmDifferencesTable,
  policyDifferencesTable,
  viewDifferencesTable,
} from './tables/differences.ts';
import forestPlot from './figures/forest-plot.ts';
import growthPlot from './figures/growth-plot.ts';
import familiesTable from './tables/families.ts';
import growthSlopesTable from './tables/growth-slopes.ts';
import growthTable from './tables/growth.ts';
import judgesTable from './tables/judges.ts';
import learningTable from './tables/learning.ts';
import type { Run } from '../core/record/read-run.ts';
import rewardsTable from './tables/rewards.ts';
import { tableCsv, tableJson, tableMarkdown, type Table } from './tables/table.ts';
import toolsTable from './tables/tools.ts';
import trialsTable, { isTuning } from './tables/trials.ts';
import viewsTable from './tables/views.ts';

/**
 * Every table of the runs, pooled by row label; wall times are not among them. `attacks`: what has been measured of judges.
 */
export const tablesOf = (runs: readonly Run[], attacks: readonly AttackStamp[]): Table[] =>
  [
    ...(runs.some(isComparison) ? [comparisonTable(runs), policyDifferencesTable(runs)] : []),
    ...(runs.some(isTuning) ? [trialsTable(runs)] : []),
    rewardsTable(runs),
    differencesTable(runs),
    learningTable(runs),
    judgesTable(runs, attacks),
    viewsTable(runs),
    viewDifferencesTable(runs),
    algorithmsTable(runs),
    algorithmDifferencesTable(runs),
    familiesTable(runs),
    toolsTable(runs),
    ...(runs.some(({ manifest }) => manifest.sizes) ? [growthTable(runs), growthSlopesTable(runs)] : []),
  ].map((table) => withToolspaceNamed(withTokensNamed(table, runs), runs));

/** Writes `notes.md` beside the tables: what was tolerated, whose tokens are counted, and the head of the records' chain. */
export function writeNotes(folder: string, { manifest, notes, chain }: Run): string {
  const path = join(writableFolder(folder), 'notes.md');
  writeWhole(path, [...notes, tokensNamed(manifest.tokens), chainNote(chain)].map((note) => `- ${note}\n`).join(''));
  return path;
}

const forms = [
  ['md', tableMarkdown],
  ['csv', tableCsv],
  ['json', tableJson],
  ['svg', (table: Table) => forestPlot(table) ?? growthPlot(table)],
] as const;

/** Paths that a table may have in a folder. */
export const pathsOf = (folder: string, { name }: Pick<Table, 'name'>): string[] =>
  forms.map(([extension]) => join(folder, `${name}.${extension}`));

/**
 * Writes `NAME.md`, `NAME.csv` and `NAME.json` of each table that has rows into a folder, which it makes, and `NAME.svg` of
 * those that rank by success, and of `growth`. Returns the paths. Throws `UsageError` where the folder cannot be written.
 */
export default function writeTables(folder: string, tables: readonly Table[]): string[] {
  writableFolder(folder);
  return tables
    .filter(({ rows }) => rows.length > 0)
    .flatMap((table) =>
      forms.flatMap(([extension, form]) => {
        const text = form(table);
        if (text === null) return [];
        const path = join(folder, `${table.name}.${extension}`);
        writeWhole(path, text);
        return [path];
      }),
    );
}
