import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../core/record/files.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { print } from './printing.ts';

/** Writes a table into `reports/reference`, as JSON and as Markdown, and prints it. Both files say the same rounded figures. */
export function keepTable(table: Table): void {
  const json = jsonText(table);
  const markdown = tableMarkdown(JSON.parse(json) as Table);
  const pathOf = (ending: string): string =>
    fileURLToPath(new URL(`../../reports/reference/${table.name}.${ending}`, import.meta.url));
  writeWhole(pathOf('json'), json);
  writeWhole(pathOf('md'), markdown);
  print(markdown);
}
