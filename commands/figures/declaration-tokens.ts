// node commands/figures/declaration-tokens.ts: what every tool takes as TypeScript declarations and as JSON Schema, into
// reports/reference/declaration-tokens.{json,md}.
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../core/record/files.ts';
import { declarationTokensTable } from '../../reports/tables/declaration-tokens.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { declaredServers, listedHere, runHere } from '../shared/declaration-tokens.ts';
import { print } from '../shared/printing.ts';

const json = jsonText(declarationTokensTable(declaredServers(runHere), declaredServers(listedHere)));
// Of the rounded figures, so that both files say the same.
const markdown = tableMarkdown(JSON.parse(json) as Table);
const pathOf = (ending: string): string =>
  fileURLToPath(new URL(`../../reports/reference/declaration-tokens.${ending}`, import.meta.url));
writeWhole(pathOf('json'), json);
writeWhole(pathOf('md'), markdown);
print(markdown);
