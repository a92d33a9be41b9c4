import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { declaredServers, listedHere, runHere } from '../../commands/shared/declaration-tokens.ts';
import { declarationTokensTable } from '../../reports/tables/declaration-tokens.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { isWhole } from '../whole.ts';

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

test('the record is what tools of servers that run here take today, and sums its own rows', () => {
  const { rows } = declarationTokensTable(declaredServers(runHere), []);
  const ofRun = JSON.parse(jsonText(rows.slice(0, runHere.length))) as Table['rows'];
  expect(record.rows.slice(0, -2)).toEqual(ofRun);
  expect(record.rows.at(-2)).toMatchObject({ server: `${listedHere.length} listed servers`, known: 0 });
  const single = record.rows.slice(0, -1);
  for (const key of ['tools', 'known', 'schemas', 'declarations', 'results'])
    expect(record.rows.at(-1)?.[key], key).toBe(single.reduce((sum, row) => sum + Number(row[key]), 0));
  expect(tableMarkdown(record)).toBe(recordOf('md'));
});

test.runIf(isWhole)('the record is what every tool takes today', { timeout: 300_000 }, () => {
  const whole = declarationTokensTable(declaredServers(runHere), declaredServers(listedHere));
  expect(jsonText(whole)).toBe(recordOf('json'));
});
