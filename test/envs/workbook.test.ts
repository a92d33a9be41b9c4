import {
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  property,
  string,
} from 'fast-check';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { cellFact, folderFact, sheetFact, workbookFact } from '../../core/facts.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { World } from '../../core/types.ts';
import type { Workbook } from '../../envs/state/workbook/workbook.ts';
import { workbookFacts } from '../../envs/state/workbook/facts.ts';
import { compileWorkbooks, statedWorkbookFacts, workbookBytes } from '../../envs/state/workbook/files.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const factsOf = (bytes: Buffer) => workbookFacts(new Map([['a.xlsx', bytes]]));

/** Any text, those with marks, control characters and what looks like an escape among them. */
const text = oneof(
  string({ unit: 'binary' }),
  string({
    unit: constantFrom(' ', '\n', '\r', '\t', '<', '&amp;', '"', "'", '_x000D_', '_x', '=', '1', ']]>', 'é'),
  }),
);
const cell = oneof(text, double({ noNaN: true, noDefaultInfinity: true }), integer(), constant(''));
const workbook = dictionary(
  string({ minLength: 1, maxLength: 31, unit: constantFrom('a', 'B', '7', ' ', '<', '&', '"', 'ß') }),
  array(array(cell, { maxLength: 30 }), { maxLength: 6 }),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

describe('a workbook', () => {
  test('is read as it was written, whatever its cells hold, and the same bytes come out each time', () => {
    assert(
      property(workbook, (content) => {
        const files = { 'a/book.xlsx': JSON.stringify(content), 'b.txt': 'b' };
        const tree = compileWorkbooks(files);
        expect(workbookFacts(tree)).toEqual(statedWorkbookFacts(files));
        expect(compileWorkbooks(files)).toEqual(tree);
      }),
      { numRuns: 300 },
    );
  });

  test('that is none, or whose parts are missing, is a fact', () => {
    const whole = workbookBytes({ one: [['x']] });
    const { 'xl/worksheets/sheet1.xml': _, ...rest } = unzipSync(whole);
    for (const bytes of [Buffer.from('no workbook'), whole.subarray(0, 700), Buffer.from(zipSync(rest))]) {
      const facts = factsOf(bytes);
      expect(facts).toHaveLength(1);
      expect(facts[0]).toMatch(/^\["workbook","a\.xlsx","unreadable","/);
    }
  });

  test('is read in the other ways of writing it', () => {
    const sheet =
      '<x:worksheet xmlns:x="m"><!-- > --><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c>' +
      '<x:c r="C2" t="b"><x:v>1</x:v></x:c><x:c r="D2" t="str"><x:f>=B2&amp;"a"</x:f><x:v>za</x:v></x:c>' +
      '<x:c r="E2"><x:v>1.50</x:v></x:c><x:c r="F2" s="0"/></x:row></x:sheetData></x:worksheet>';
    const strings =
      '<sst><si><t/></si><si><r><t>two </t></r><r><t xml:space="preserve">runs&#10;</t></r><rPh><t>no</t></rPh></si></sst>';
    const bytes = Buffer.from(
      zipSync({
        ...unzipSync(workbookBytes({ one: [[1]] })),
        'xl/worksheets/sheet1.xml': strToU8(sheet),
        'xl/sharedStrings.xml': strToU8(strings),
        'xl/charts/chart1.xml': strToU8('<chart/>'),
      }),
    );
    expect(factsOf(bytes)).toEqual(
      [
        sheetFact('a.xlsx', 'one'),
        cellFact('a.xlsx', 'one', 'B2', 'two runs\n'),
        cellFact('a.xlsx', 'one', 'C2', 'TRUE'),
        cellFact('a.xlsx', 'one', 'D2', '=B2&"a"'),
        cellFact('a.xlsx', 'one', 'E2', '1.5'),
        workbookFact('a.xlsx', 'xl/charts/chart1.xml', '<chart/>'),
      ].sort(),
    );
  });

  test.each([
    ['no JSON', '[1'],
    ['no object of sheets', '[]'],
    ['has no sheet', '{}'],
    ['a sheet named "a/b"', '{"a/b":[]}'],
    ['something else than rows of texts and numbers', '{"a":[[true]]}'],
  ])('whose fixture is wrong (%s) is answered with cause and cure', (cause, content) => {
    expect(() => compileWorkbooks({ 'book.xlsx': content })).toThrow(cause);
    expect(() => compileWorkbooks({ 'book.xlsx': content })).toThrow('Write book.xlsx as JSON');
  });
});

const write = (sheetName: string, range: string, values: Json, newSheet = false) => ({
  sheetName,
  range,
  newSheet,
  values,
});

describe('a workbook that the server rewrites', () => {
  const before: Workbook = {
    stock: [
      ['name', 'price', 'count', 'total'],
      ['bolt & "nut"', 2.5, 7, '=B2*C2'],
      ['  two  spaces ', -1e21, 0.1, ''],
      ['', '', '', '=SUM(D2:D3)'],
    ],
    'the <rest>': [['"', 12]],
  };
  const path = '/world/excel/sub/a.xlsx';
  const files = { 'sub/a.xlsx': JSON.stringify(before) };
  const calling = (world: World) => async (tool: string, args: JsonObject) => {
    const { text: said, isError } = await world.call('excel', tool, { fileAbsolutePath: path, ...args });
    expect(isError, said).toBe(false);
  };
  test('keeps what was not touched, and states what was', async () => {
    const after = {
      ...before,
      stock: [
        before['stock']?.[0] ?? [],
        ['nail', '', 7, '=B2*C2'],
        ...(before['stock']?.slice(2) ?? []),
        ['12', 1.25, '', '=D4+1'],
      ],
      new: [['x', 3]],
    };
    const seen = await pool.use({ servers: ['excel'], files: { excel: files } }, 1, async (world) => {
      const call = calling(world);
      await call('excel_write_to_sheet', write('stock', 'A2:B2', [['nail', null]]));
      await call('excel_write_to_sheet', write('stock', 'A5:D5', [['12', 1.25, '', '=D4+1']]));
      await call('excel_write_to_sheet', write('new', 'A1:B1', [['x', '3']], true));
      return world.evidence();
    });
    expect(seen['excel']).toEqual(statedWorkbookFacts({ 'sub/a.xlsx': JSON.stringify(after) }));
    expect(seen['excel']).toContain(folderFact('sub'));
  });

  test('states tables and styles, which no cell shows', async () => {
    const seen = await pool.use({ servers: ['excel'], files: { excel: files } }, 1, async (world) => {
      const call = calling(world);
      await call('excel_create_table', { sheetName: 'stock', range: 'A1:C3', tableName: 'Stock' });
      await call('excel_format_range', {
        sheetName: 'the <rest>',
        range: 'B1:B1',
        styles: [[{ font: { bold: true } }]],
      });
      return world.evidence();
    });
    const more = new Set(seen['excel']).difference(new Set(statedWorkbookFacts(files)));
    expect([...more].map((one) => (JSON.parse(one) as string[]).slice(0, 3))).toEqual([
      ['workbook', 'sub/a.xlsx', 'style of the <rest>!B1'],
      ['workbook', 'sub/a.xlsx', 'xl/tables/table1.xml'],
    ]);
  });
});
