import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { workbookFacts } from '../state/workbook/facts.ts';
import { compileWorkbooks, statedWorkbookFacts } from '../state/workbook/files.ts';

/** A fixture file `*.xlsx` holds JSON of a `Workbook`. The package's launcher starts its binary for this platform. */
export default {
  ...fileBacked,
  name: 'excel',
  package: '@negokaz/excel-mcp-server',
  licence: 'MIT',
  // It holds programs for eight platforms.
  onRequest: {
    version: '0.12.0',
    lock: new URL('../server-locks/excel.json', import.meta.url),
    megabytes: 101,
  },
  summary: 'Reads and writes the cells of spreadsheets, formulas included, and adds sheets, tables and formats.',
  entry: 'dist/launcher.js',
  arguments: () => [],
  compile: compileWorkbooks,
  statedFacts: statedWorkbookFacts,
  facts: workbookFacts,
  // Copying a sheet to a name that is taken ends the server.
  withheld: ['excel_copy_sheet'],
  proseArguments: ['values', 'range', 'sheetName', 'tableName', 'styles'],
  expectedTools: 6,
} satisfies ServerDefinition;
