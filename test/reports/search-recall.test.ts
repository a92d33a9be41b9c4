import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { searchedSuite } from '../../commands/shared/search-recall.ts';
import { recallAt, searchRecallTable } from '../../reports/tables/search-recall.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import micro from '../../suites/micro.ts';
import { suiteNames } from '../../suites/tasks/suite-list.ts';

const recordOf = (ending: string) =>
  readFileSync(new URL(`../../reports/reference/search-recall.${ending}`, import.meta.url), 'utf8');
const record = JSON.parse(recordOf('json')) as Table;

test('recall counts the needed tools among the first of any query', () => {
  const task = {
    task: 't',
    needed: ['a.x', 'b.y'],
    found: [
      ['a.x', 'c.z'],
      ['c.z', 'b.y'],
    ],
  };
  expect([1, 2].map((k) => recallAt(task, k))).toEqual([0.5, 1]);
  expect(recallAt({ ...task, needed: [] }, 1)).toBe(1);
});

test('the record has every suite, and is what the search finds today', () => {
  expect(new Set(record.rows.map(({ suite }) => suite))).toEqual(new Set(suiteNames()));
  const { rows } = searchRecallTable(searchedSuite(micro, 200));
  expect(rows.length).toBe(6);
  expect(JSON.parse(jsonText(rows))).toEqual(record.rows.filter(({ suite }) => suite === 'micro'));
  expect(tableMarkdown(record)).toBe(recordOf('md'));
});
