import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { Skipped } from './importer.ts';
import { textOf, type RecordAt, type Records } from './files.ts';

/**
 * Rows of a CSV file (RFC 4180, with line breaks in quoted fields) as objects by the header's names. A row with too few
 * or too many fields is torn, and so is one whose quote never closes, with all the lines that it swallows. A field of which
 * quotes enclose a part alone keeps them.
 */
export function csvOf(path: string): Records {
  const file = basename(path);
  const [header, ...rows] = rowsOf(Buffer.from(textOf(path)));
  if (!header) return { records: [], torn: [] };
  const names = header.fields.map((name) => name.trim());
  const records: RecordAt[] = [];
  const torn: Skipped[] = [];
  for (const { first, last, fields, isOpen } of rows) {
    if (fields.length === 1 && fields[0] === '' && !isOpen) continue;
    const where = `${file}:${first}`;
    const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
    if (isOpen)
      torn.push({ id: where, reason: `torn record: a quote never closes (${lines})`, cure: 'close the quote' });
    else if (fields.length !== names.length)
      torn.push({
        id: where,
        reason: `torn record: ${fields.length} fields under a header of ${names.length} (${lines})`,
        cure: 'give the row as many fields as the header has',
      });
    else records.push({ where, value: Object.fromEntries(names.map((name, at) => [name, fields[at]])) });
  }
  return { records, torn };
}

interface Row {
  /** Lines of the file, from 1. */
  readonly first: number;
  readonly last: number;
  readonly fields: readonly string[];
  readonly isOpen: boolean;
}

/** The parser's own count of lines takes a line break of two characters in a quoted field for two: lines are counted here. */
function rowsOf(bytes: Buffer): Row[] {
  const rows: Row[] = [];
  let [start, line] = [0, 1];
  const add = (end: number, fields: readonly string[], isOpen: boolean) => {
    const text = bytes.toString('utf8', start, end);
    const first = line;
    const last = first + (isOpen ? text : text.replace(/(?:\r\n|\n|\r)$/, '')).split('\n').length - 1;
    rows.push({ first, last, fields, isOpen });
    [start, line] = [end, last + 1];
  };
  try {
    parse(bytes, {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      on_record: (fields: readonly string[], { bytes: end }) => {
        add(end, fields, false);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED')) throw error;
    add(bytes.length, [], true);
  }
  return rows;
}
