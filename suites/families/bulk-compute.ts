import {
  byName,
  drawCount,
  drawShare,
  inChains,
  ITEMS_A_PAGE,
  listRows,
  pageOf,
  pagesOf,
  textTable,
} from '../tasks/bulk.ts';
import type { Draw } from '../tasks/draw.ts';
import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawValue } from '../tasks/sheet-content.ts';
import { bookPath, readSheet, writeCells } from '../tasks/sheet-steps.ts';
import { startState } from '../tasks/start-state.ts';
import { addObservation, calculate, createTask, type Roles } from '../tasks/step.ts';
import clauses from './bulk-compute.json' with { type: 'json' };

/** What is computed, and where the results go. */
const shapes = ['product', 'observation', 'difference', 'task'] as const;

/**
 * Computes over a table: a new column out of two others of a sheet, or the value of each row's formula, which becomes an observation
 * of the entity named, or a task. Other rows and entities have such formulas, too.
 */
export default {
  name: 'bulk-compute',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [3],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const kind = shapes[shape] ?? shapes[0];
    return kind === 'product' || kind === 'difference'
      ? overSheet(draw, kind, drawCount(draw, size))
      : overFormulas(draw, roles, kind, drawCount(draw, size));
  },
} satisfies Family;

function overSheet(draw: Draw, kind: 'product' | 'difference', count: number): Draft {
  const start = startState(draw);
  const [book, sheet] = [`${draw.name()}.xlsx`, draw.word('nouns')];
  const [first, second, heading] = [draw.word('keyHeads'), draw.word('keyHeads'), draw.word('keyHeads')];
  const rows = Array.from({ length: count }, () => [draw.title(), drawValue(draw), drawValue(draw)] as const);
  const sign = kind === 'product' ? '*' : '-';
  const values = rows.map(([, one, other]) => (kind === 'product' ? one * other : one - other));
  const pages = pagesOf(count);
  const reading = pages.map((page) => ({ ...readSheet(book, sheet, rangeOf(page, count)), after: [] }));
  const chains = rows.map(([, one, other]) => [calculate('math', { expression: `${one} ${sign} ${other}` })]);
  const computing = inChains(reading, chains, (row) => [pageOf(row)]);
  const writing = pages.map((page): PlannedStep => {
    const part = values.slice(page, page + ITEMS_A_PAGE).map((value) => [value]);
    const cells = page === 0 ? [[heading], ...part] : part;
    return {
      ...writeCells(book, sheet, { row: page === 0 ? 0 : 1 + page, column: 3 }, cells),
      after: part.map((_, row) => reading.length + page + row),
    };
  });
  const lines = [['name', first, second], ...rows.map((row) => [...row])];
  const twin = [
    ['name', first, second],
    ...rows.map(([name]) => [name, 200 + draw.below(9800), 200 + draw.below(9800)]),
  ];
  return {
    start: { ...start, workbooks: { [book]: { [sheet]: lines, [draw.word('nouns')]: twin } } },
    steps: [...computing, ...writing],
    clauses: [{ kind, values: { path: bookPath(book), sheet, first, second, heading } }],
    subGoals: 3,
  };
}

/** Header and first rows, or further rows; nothing where one read shows all. */
const rangeOf = (page: number, count: number): string | undefined =>
  count <= ITEMS_A_PAGE ? undefined : `A${page === 0 ? 1 : 2 + page}:C${1 + Math.min(count, page + ITEMS_A_PAGE)}`;

function overFormulas(draw: Draw, roles: Roles, kind: 'observation' | 'task', count: number): Draft {
  const start = startState(draw);
  const [place, other] = [draw.word('places'), draw.word('places')];
  const table = `${draw.word('nouns')}_formulas`;
  const drawRow = () => {
    const [one, two, three] = [drawValue(draw), drawValue(draw), draw.below(90) + 10];
    return { name: draw.title(), text: `${one} * ${three} + ${two}`, value: `${one * three + two}` };
  };
  const rows = Array.from({ length: count }, drawRow).sort(byName);
  const others = Array.from({ length: drawShare(draw, count) }, drawRow);
  const all = draw.shuffle([...rows, ...others]);
  const columns = ['name', 'formula'];
  const entities =
    kind === 'task' ? [] : all.map(({ name }) => ({ name, type: 'record', observations: [draw.sentence()] }));
  const chains = rows.map(({ name, text, value }) => [
    calculate('math', { expression: text }, value),
    kind === 'task' ? createTask(name, value) : addObservation(roles, name, value),
  ]);
  return {
    start: {
      ...start,
      entities: [...start.entities, ...entities],
      tables: {
        [table]: textTable(
          [...columns, 'place'],
          all.map((row) => [row.name, row.text, rows.includes(row) ? place : other]),
        ),
      },
    },
    steps: inChains(listRows({ table, columns, place, count }), chains, (row) => [pageOf(row)]),
    clauses: [
      { kind: 'formulas', values: { table, place } },
      { kind, values: {} },
    ],
    subGoals: 3,
  };
}
