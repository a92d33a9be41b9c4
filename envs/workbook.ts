/** A cell: text, a number, or a formula (a text that begins with `=`). `''` is an empty one. */
export type Cell = string | number;

/** Sheet name → rows of cells from A1 on. */
export type Workbook = Readonly<Record<string, readonly (readonly Cell[])[]>>;
