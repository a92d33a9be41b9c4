// node commands/figures/callable-tools.ts: for how many real tools the embedded policy can form a call, into
// reports/reference/callable-tools.{json,md}.
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../core/record/files.ts';
import { toTerminal } from '../../core/terminal.ts';
import { jsonText, tableMarkdown } from '../../reports/tables/table.ts';
import { callableToolsTable } from '../shared/callable-tools.ts';

const table = callableToolsTable();
const pathOf = (ending: string): string =>
  fileURLToPath(new URL(`../../reports/reference/callable-tools.${ending}`, import.meta.url));
writeWhole(pathOf('json'), jsonText(table));
writeWhole(pathOf('md'), tableMarkdown(table));
toTerminal(process.stdout, tableMarkdown(table));
