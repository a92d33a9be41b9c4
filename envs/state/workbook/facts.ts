import { posix } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { messageOf } from '../../../core/errors.ts';
import { cellFact, folderFact, sheetFact, workbookFact, type Fact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { parentsOf } from '../files/tree.ts';
import { isWorkbook } from './workbook.ts';
import { childNamed, childrenNamed, parseXml, unescapeText, type XmlElement } from './xml.ts';

/**
 * Sheets and cells of every workbook, and what else is in it; every other file with its text; every folder. A formula is
 * stated as such, since its value is only sometimes in the file. A file that is no workbook becomes a fact as well.
 */
export function workbookFacts(tree: Tree): Fact[] {
  const facts = new Set(fileFacts(without(tree, isWorkbook)));
  for (const [path, bytes] of tree) {
    if (!isWorkbook(path)) continue;
    for (const parent of parentsOf(path)) facts.add(folderFact(parent.slice(0, -1)));
    for (const fact of factsOf(path, bytes)) facts.add(fact);
  }
  return [...facts].sort();
}

function factsOf(path: string, bytes: Buffer): readonly Fact[] {
  try {
    const parts = partsOf(bytes);
    return [...sheetsOf(parts).flatMap((sheet) => sheetFacts(path, parts, sheet)), ...otherFacts(path, parts)];
  } catch (error) {
    return [workbookFact(path, 'unreadable', messageOf(error))];
  }
}

/** Part name → its text. */
type Parts = ReadonlyMap<string, string>;

const MOST_BYTES = 2 ** 26;

function partsOf(bytes: Buffer): Parts {
  let room = MOST_BYTES;
  const isSmall = ({ originalSize }: { readonly originalSize: number }) => {
    room -= originalSize;
    if (room < 0) throw new RangeError(`holds more than ${MOST_BYTES} bytes`);
    return true;
  };
  return new Map(Object.entries(unzipSync(bytes, { filter: isSmall })).map(([name, part]) => [name, strFromU8(part)]));
}

function partOf(parts: Parts, name: string): XmlElement {
  const text = parts.get(name);
  if (text === undefined) throw new SyntaxError(`has no part ${name}`);
  return parseXml(text);
}

const WORKBOOK = 'xl/workbook.xml';

function sheetsOf(parts: Parts): readonly { readonly name: string; readonly part: string }[] {
  const relations = childrenNamed(partOf(parts, 'xl/_rels/workbook.xml.rels'), 'Relationship');
  const targets = new Map(relations.map(({ attributes }) => [attributes['Id'], attributes['Target'] ?? '']));
  return childrenNamed(childNamed(partOf(parts, WORKBOOK), 'sheets'), 'sheet').map(({ attributes }) => ({
    name: attributes['name'] ?? '',
    part: posix.resolve('/xl', targets.get(attributes['id']) ?? '').slice(1),
  }));
}

function sheetFacts(path: string, parts: Parts, sheet: { readonly name: string; readonly part: string }): Fact[] {
  const strings = sharedStrings(parts);
  const facts = [sheetFact(path, sheet.name)];
  for (const row of childrenNamed(childNamed(partOf(parts, sheet.part), 'sheetData'), 'row')) {
    for (const cell of childrenNamed(row, 'c')) {
      const address = cell.attributes['r'] ?? '';
      const text = cellText(cell, strings);
      if (text !== '') facts.push(cellFact(path, sheet.name, address, text));
      const style = styleOf(parts, cell.attributes['s']);
      if (style !== '') facts.push(workbookFact(path, `style of ${sheet.name}!${address}`, style));
    }
  }
  return facts;
}

const stringsOf = new WeakMap<Parts, readonly string[]>();

function sharedStrings(parts: Parts): readonly string[] {
  let strings = stringsOf.get(parts);
  if (!strings) {
    const text = parts.get('xl/sharedStrings.xml');
    strings = text === undefined ? [] : childrenNamed(parseXml(text), 'si').map(richText);
    stringsOf.set(parts, strings);
  }
  return strings;
}

/** Plain text, or the runs of a rich one; not how it is pronounced. */
const richText = (element: XmlElement): string =>
  unescapeText(
    element.children
      .flatMap((child) => (child.name === 't' ? [child] : child.name === 'r' ? childrenNamed(child, 't') : []))
      .map((child) => child.text)
      .join(''),
  );

/** Formula with `=` in front, whichever way it was written; text; number in its shortest form; `''` when empty. */
function cellText(cell: XmlElement, strings: readonly string[]): string {
  const formula = childNamed(cell, 'f');
  const value = childNamed(cell, 'v')?.text ?? '';
  if (formula) return `=${unescapeText(formula.text).replace(/^=/, '')}`;
  switch (cell.attributes['t'] ?? 'n') {
    case 's': {
      const text = strings[Number(value)];
      if (text === undefined) throw new SyntaxError(`has no shared text ${value}`);
      return text;
    }
    case 'inlineStr':
      return richText(childNamed(cell, 'is') ?? cell);
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n':
      return value.trim() === '' || Number.isNaN(Number(value)) ? value : String(Number(value));
    default:
      return unescapeText(value);
  }
}

/* ---- what a task may not touch ---- */

/** How a cell looks, `''` where it looks as all cells do. */
function styleOf(parts: Parts, index = '0'): string {
  if (index === '0') return '';
  const styles = partOf(parts, 'xl/styles.xml');
  const formats = childNamed(styles, 'cellXfs')?.children ?? [];
  const look = (at: number) => lookOf(styles, formats[at]);
  return look(Number(index)) === look(0) ? '' : look(Number(index));
}

function lookOf(styles: XmlElement, format: XmlElement | undefined): string {
  const { attributes = {} } = format ?? {};
  const item = (list: string, id: string) => childNamed(styles, list)?.children[Number(attributes[id] ?? 0)];
  const numbers = childrenNamed(childNamed(styles, 'numFmts'), 'numFmt');
  const numberFormat = numbers.find((format) => format.attributes['numFmtId'] === attributes['numFmtId'])?.attributes;
  return JSON.stringify([
    numberFormat?.['formatCode'] ?? attributes['numFmtId'] ?? '0',
    item('fonts', 'fontId') ?? null,
    item('fills', 'fillId') ?? null,
    item('borders', 'borderId') ?? null,
    format?.children ?? [],
  ]);
}

/** Parts that every writer makes in its own way, and those read above. */
const ORDINARY =
  /^(?:\[Content_Types\]\.xml|_rels\/.*|docProps\/.*|xl\/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl\/theme\/.*|xl\/_rels\/.*|xl\/worksheets\/(?:_rels\/)?[^/]*)$/;

/** Tables, charts, macros and the like, each with its text. */
const otherFacts = (path: string, parts: Parts): readonly Fact[] =>
  [...parts].flatMap(([name, text]) => (ORDINARY.test(name) ? [] : [workbookFact(path, name, text)]));
