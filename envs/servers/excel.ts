import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { workbookFacts } from '../workbook-facts.ts';
import { compileWorkbooks } from '../workbook-files.ts';

/** A fixture file `*.xlsx` holds JSON of a `Workbook`. The package's launcher starts its binary for this platform. */
export default {
  ...fileBacked,
  name: 'excel',
  package: '@negokaz/excel-mcp-server',
  summary: 'Reads and writes the cells of spreadsheets, their formulas, sheets, tables and formats.',
  entry: 'dist/launcher.js',
  arguments: () => [],
  compile: compileWorkbooks,
  facts: workbookFacts,
  reachesOutside: true,
  proseArguments: ['values', 'range', 'sheetName', 'srcSheetName', 'dstSheetName', 'tableName', 'styles'],
  expectedTools: 6,
} satisfies ServerDefinition;
