/** A cell: text, a number, or a formula (a text that begins with `=`). `''` is an empty one. */
export type Cell = string | number;

/** Sheet name → rows of cells from A1 on. */
export type Workbook = Readonly<Record<string, readonly (readonly Cell[])[]>>;

export const isWorkbook = (path: string): boolean => path.endsWith('.xlsx');

/** 0 → `A`, 26 → `AA`. */
export function columnName(index: number): string {
  const letter = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}
