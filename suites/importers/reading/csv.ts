import { basename } from 'node:path';
import type { Skipped } from './importer.ts';
import { textOf, type RecordAt, type Records } from './files.ts';

/**
 * Rows of a CSV file (RFC 4180, with line breaks in quoted fields) as objects by the header's names. A row with too few
 * or too many fields is torn, and so is one whose quote never closes, with all the lines that it swallows.
 */
export function csvOf(path: string): Records {
  const file = basename(path);
  const [header, ...rows] = rowsOf(textOf(path));
  if (!header) return { records: [], torn: [] };
  const names = header.fields.map((name) => name.trim());
  const records: RecordAt[] = [];
  const torn: Skipped[] = [];
  for (const { first, last, fields, isOpen } of rows) {
    if (fields.length === 1 && fields[0] === '' && !isOpen) continue;
    const where = `${file}:${first}`;
    const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
    if (isOpen) torn.push({ id: where, reason: `torn record: a quote never closes (${lines})` });
    else if (fields.length !== names.length)
      torn.push({
        id: where,
        reason: `torn record: ${fields.length} fields under a header of ${names.length} (${lines})`,
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

function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const first = line;
    const fields: string[] = [];
    let isOpen = false;
    for (let isLast = false; !isLast;) {
      const field = text[at] === '"' ? quotedField(text, at) : { value: '', end: at, isOpen: false };
      isOpen ||= field.isOpen;
      // What follows a closing quote before the next comma belongs to the field, as spreadsheets read it.
      const bareEnd = endOfField(text, field.end);
      const value = field.value + text.slice(field.end, bareEnd);
      fields.push(value);
      line += value.split('\n').length - 1;
      isLast = text[bareEnd] !== ',';
      at = bareEnd + (text.startsWith('\r\n', bareEnd) ? 2 : 1);
    }
    rows.push({ first, last: line, fields, isOpen });
    line += 1;
  }
  return rows;
}

function quotedField(text: string, start: number) {
  let value = '';
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return { value: value + text.slice(at), end: text.length, isOpen: true };
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1, isOpen: false };
    value += '"';
    at = quote + 2;
  }
}

function endOfField(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',\r\n'.includes(text[at] ?? '')) at += 1;
  return at;
}
