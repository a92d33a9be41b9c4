import type { JsonObject } from '../../core/json.ts';
import type { Database, SqlValue, Table } from '../../envs/state/sql/database.ts';
import type { Draw } from './draw.ts';
import type { PlannedStep } from './family.ts';
import type { Size } from './size.ts';
import type { Step } from './step.ts';
import { identifier, literal, selectRows } from './table-steps.ts';

export const drawCount = (draw: Draw, size: Size): number => (size === 'few' ? 2 + draw.below(9) : size);

/** How many of so many items are singled out: a quarter to a half, but one at the least. */
export function drawShare(draw: Draw, count: number): number {
  const least = Math.max(1, Math.floor(count / 4));
  return least + draw.below(least);
}

/** What a lookup is told by; two words, so that no other line of a text begins with it. */
export const drawKey = (draw: Draw): string => `${draw.word('nouns')} ${draw.word('keyHeads')}`;

/** A text of three lines, of which one gives a value. */
export const textWith = (draw: Draw, key: string, value: string | number): string =>
  `${draw.sentence()}\n${key}: ${value}\n${draw.sentence()}\n`;

/** Texts under fresh names that end in `ending`. */
export const drawTexts = (draw: Draw, count: number, ending: string, text: (index: number) => string): NamedText[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${draw.name()}${ending}`, text: text(index) }));

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** As entries of a state, in a folder or project. */
export const entriesIn = (folder: string, texts: readonly NamedText[]): Readonly<Record<string, string>> =>
  Object.fromEntries(texts.map(({ name, text }) => [folder === '' ? name : `${folder}/${name}`, text]));

/**
 * Chains of steps behind those of `before`, item by item. The first step of a chain depends on steps of `before`, by
 * default on the first, and each further one on the one before it.
 */
export function inChains(
  before: readonly PlannedStep[],
  chains: readonly (readonly Step[])[],
  neededBy: (item: number) => readonly number[] = () => [0],
): PlannedStep[] {
  const steps = [...before];
  for (const [item, chain] of chains.entries())
    for (const [place, step] of chain.entries())
      steps.push({ ...step, after: place === 0 ? neededBy(item) : [steps.length - 1] });
  return steps;
}

/** Rows or lines that are read at once: a result may have 4,000 tokens and is cut behind them. */
export const ITEMS_A_PAGE = 50;
export const pageOf = (item: number): number => Math.floor(item / ITEMS_A_PAGE);

/** Numbers of the first item of each page. */
export const pagesOf = (count: number): number[] =>
  Array.from({ length: 1 + pageOf(count - 1) }, (_, page) => page * ITEMS_A_PAGE);

/** Rows that a query finds, in the order of their first column. */
export interface Listing {
  readonly table: string;
  readonly columns: readonly string[];
  readonly place?: string;
  readonly count: number;
}

/** Reads columns of all rows, or of those of one place: as they lie there, or page by page where they are many. */
export const listRows = (listing: Listing): PlannedStep[] => {
  const { table, columns, place, count } = listing;
  const query = `SELECT ${columns.map(identifier).join(', ')} FROM ${identifier(table)}`;
  const where = place === undefined ? '' : ` WHERE "place" = ${literal(place)}`;
  const page = (first: number) =>
    count <= ITEMS_A_PAGE
      ? ''
      : ` ORDER BY ${identifier(columns[0] ?? '')} LIMIT ${ITEMS_A_PAGE}${first === 0 ? '' : ` OFFSET ${first}`}`;
  return pagesOf(count).map((first) => ({
    ...selectRows(`${query}${where}${page(first)}`),
    after: [],
    shows: ({ tables }) => ({ result: { rows: rowsFound(tables[table], listing, first) } }),
  }));
};

function rowsFound(table: Table | undefined, { columns, place, count }: Listing, first: number): JsonObject[] {
  const { columns: all = [], rows = [] } = table ?? {};
  const at = new Map(all.map(({ name }, index) => [name, index]));
  const cell = (row: Table['rows'][number], column: string) => row[at.get(column) ?? -1] ?? null;
  const found = rows
    .filter((row) => place === undefined || cell(row, 'place') === place)
    .map((row) => Object.fromEntries(columns.map((column) => [column, cell(row, column)])));
  if (count <= ITEMS_A_PAGE) return found;
  const [key = ''] = columns;
  return found.sort((one, other) => (`${one[key]}` < `${other[key]}` ? -1 : 1)).slice(first, first + ITEMS_A_PAGE);
}

/** A table of texts. */
export const textTable = (columns: readonly string[], rows: readonly (readonly SqlValue[])[]): Database[string] => ({
  columns: columns.map((name) => ({ name, type: 'TEXT' })),
  rows,
});

/** In the order in which the database puts them. */
export const byName = (one: NamedText, other: NamedText): number => (one.name < other.name ? -1 : 1);
