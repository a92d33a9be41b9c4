import { tokensNamed } from '../../core/record/counting-notes.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Table } from './table.ts';

const isTokens = (key: string): boolean => /_tokens$|_per_success$/.test(key);

/**
 * A table of tokens with whose they are, where they are not Qwen3's; `~` before the columns whose numbers are near the
 * model's own and no more.
 */
export function withTokensNamed(table: Table, runs: readonly Run[]): Table {
  const sources = runs.flatMap(({ manifest }) => manifest.tokens ?? []);
  if (sources.length === 0 || !table.columns.some(({ key }) => isTokens(key))) return table;
  const names = [...new Set(runs.map(({ manifest }) => tokensNamed(manifest.tokens)))];
  const isNear = sources.some(({ template }) => template === 'qwen3');
  return {
    ...table,
    about: [table.about, ...names].join(' '),
    columns: table.columns.map((column) =>
      isNear && isTokens(column.key) ? { ...column, title: `~ ${column.title}` } : column,
    ),
  };
}
