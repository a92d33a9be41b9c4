import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { declaredServers, listedHere, runHere } from '../../commands/shared/declaration-tokens.ts';
import { declarationTokensTable } from '../../reports/tables/declaration-tokens.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';

const recordOf = (ending: string) =>
  readFileSync(new URL(`../../reports/reference/declaration-tokens.${ending}`, import.meta.url), 'utf8');
const record = JSON.parse(recordOf('json')) as Table;

test('servers are summed, those that are listed in one row', () => {
  const one = { tools: 2, known: 1, schemas: 200, declarations: 150, results: 10 };
  const { rows } = declarationTokensTable(
    [{ server: 'a', ...one }],
    [
      { server: 'b', ...one },
      { server: 'c', ...one },
    ],
  );
  expect(rows.map(({ server, schemas, share }) => [server, schemas, share])).toEqual([
    ['a', 200, 0.75],
    ['2 listed servers', 400, 0.75],
    ['all', 600, 0.75],
  ]);
});

test('the record is of every tool, and is what they take today', () => {
  const { rows } = declarationTokensTable(declaredServers(runHere), declaredServers(listedHere.slice(0, 2)));
  const ofRun = JSON.parse(jsonText(rows.slice(0, runHere.length))) as Table['rows'];
  expect(record.rows.slice(0, -2)).toEqual(ofRun);
  expect(record.rows.at(-2)).toMatchObject({ server: `${listedHere.length} listed servers`, known: 0 });
  expect(tableMarkdown(record)).toBe(recordOf('md'));
});
