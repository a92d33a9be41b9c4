import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { callableToolsTable } from '../../commands/shared/callable-tools.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { isWhole } from '../whole.ts';

const recordOf = (ending: string) =>
  readFileSync(new URL(`../../reports/reference/callable-tools.${ending}`, import.meta.url), 'utf8');

test('the record of the tools that the policy can call says the same twice', () => {
  expect(tableMarkdown(JSON.parse(recordOf('json')) as Table)).toBe(recordOf('md'));
});

test.runIf(isWhole)('and is what the kept lists say today', { timeout: 300_000 }, () => {
  expect(jsonText(callableToolsTable())).toBe(recordOf('json'));
});
