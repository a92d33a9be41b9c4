import { strToU8, zipSync } from 'fflate';
import { messageOf, UsageError } from '../../../core/errors.ts';
import { cellFact, folderFact, sheetFact, type Fact } from '../../../core/facts.ts';
import type { Files } from '../../../core/types.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { parentsOf, treeOf } from '../files/tree.ts';
import { type Cell, columnName, isWorkbook, type Workbook } from './workbook.ts';
import { encodeXml, escapeText } from './xml.ts';

/**
 * Files of a spreadsheet server as they lie on disk: `*.xlsx`, whose text is JSON of a `Workbook`, as real workbooks; all
 * others as they are. The same bytes on every machine.
 * @throws UsageError when a workbook's text is no workbook.
 */
export function compileWorkbooks(files: Files): Tree {
  return new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      isWorkbook(path) ? workbookBytes(workbookOf(path, text)) : Buffer.from(text),
    ]),
  );
}

/** What `workbookFacts` says of the compiled files, told from their text. @throws UsageError as above. */
export function statedWorkbookFacts(files: Files): Fact[] {
  const facts = new Set(fileFacts(without(treeOf(files), isWorkbook)));
  for (const [path, text] of Object.entries(files)) {
    if (!isWorkbook(path)) continue;
    for (const parent of parentsOf(path)) facts.add(folderFact(parent.slice(0, -1)));
    for (const [sheet, rows] of Object.entries(workbookOf(path, text))) {
      facts.add(sheetFact(path, sheet));
      for (const [index, row] of rows.entries())
        for (const [column, cell] of row.entries())
          if (cell !== '') facts.add(cellFact(path, sheet, `${columnName(column)}${index + 1}`, String(cell)));
    }
  }
  return [...facts].sort();
}

function workbookOf(path: string, text: string): Workbook {
  const cure = `Write ${path} as JSON: {"Sheet1": [["name", "price"], ["bolt", 2.5]]}.`;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The workbook ${path} is no JSON (${messageOf(error)}). ${cure}`);
  }
  const fault = workbookFault(content);
  if (fault !== undefined) throw new UsageError(`The workbook ${path} ${fault}. ${cure}`);
  return content as Workbook;
}

function workbookFault(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return 'is no object of sheets';
  const sheets = Object.entries(content);
  if (sheets.length === 0) return 'has no sheet';
  for (const [name, rows] of sheets) {
    if (!/^[^:\\/?*[\]]{1,31}$/u.test(name))
      return `has a sheet named "${name}"; a name is 1 to 31 characters, none of them : \\ / ? * [ ]`;
    const isSheet = Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.every(isCell));
    if (!isSheet) return `holds in the sheet "${name}" something else than rows of texts and numbers`;
  }
  return undefined;
}

const isCell = (value: unknown): value is Cell => typeof value === 'string' || typeof value === 'number';

/** MS-DOS times in a ZIP file are local ones: this is the earliest everywhere. */
const FIXED_TIME = new Date(1980, 0, 1);

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** One font, the two fills that every workbook has, one border, one format. */
const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" ' +
  'fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>' +
  '</cellStyles></styleSheet>';

const sheetPart = (index: number) => `worksheets/sheet${index + 1}`;

const override = (part: string, type: string) =>
  `<Override PartName="/xl/${part}.xml" ContentType="${CONTENT_TYPE}.${type}+xml"/>`;

const relation = (number: number, type: string, target: string) =>
  `<Relationship Id="rId${number}" Type="${DOCUMENT}/${type}" Target="${target}"/>`;

const relations = (content: string) =>
  `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${content}</Relationships>`;

/** A workbook as the bytes of an `.xlsx` file. */
export function workbookBytes(workbook: Workbook): Buffer {
  const sheets = Object.entries(workbook);
  const list = (write: (name: string, index: number) => string) =>
    sheets.map(([name], index) => write(encodeXml(name), index)).join('');
  const parts: Record<string, string> = {
    '[Content_Types].xml':
      `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      override('workbook', 'sheet.main') +
      override('styles', 'styles') +
      `${list((_, index) => override(sheetPart(index), 'worksheet'))}</Types>`,
    '_rels/.rels': relations(relation(1, 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml':
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>` +
      list((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`) +
      '</sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relations(
      list((_, index) => relation(index + 1, 'worksheet', `${sheetPart(index)}.xml`)) +
        relation(sheets.length + 1, 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': STYLES,
  };
  for (const [index, [, rows]] of sheets.entries()) parts[`xl/${sheetPart(index)}.xml`] = sheetXml(rows);
  const bytes = Object.entries(parts).map(([path, xml]) => [path, strToU8(xml)] as const);
  // Stored, since compressing takes longer than all the rest.
  return Buffer.from(zipSync(Object.fromEntries(bytes), { level: 0, mtime: FIXED_TIME }));
}

/** The server cannot do without them: it reads and widens the range, and copying a sheet looks for its views. */
const VIEWS = '<sheetViews><sheetView workbookViewId="0"/></sheetViews>';

const usedRange = (rows: Workbook[string]): string =>
  `A1:${columnName(Math.max(0, ...rows.map((row) => row.length - 1)))}${Math.max(1, rows.length)}`;

function sheetXml(rows: Workbook[string]): string {
  const lines = rows.map((row, index) => {
    const cells = row.map((cell, column) => cellXml(`${columnName(column)}${index + 1}`, cell)).join('');
    return cells === '' ? '' : `<row r="${index + 1}">${cells}</row>`;
  });
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><dimension ref="${usedRange(rows)}"/>${VIEWS}` +
    `<sheetData>${lines.join('')}</sheetData></worksheet>`
  );
}

function cellXml(address: string, cell: Cell): string {
  if (cell === '') return '';
  if (typeof cell === 'number') return `<c r="${address}"><v>${cell}</v></c>`;
  if (isFormula(cell)) return `<c r="${address}"><f>${encodeXml(escapeText(cell.slice(1)))}</f></c>`;
  return `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${encodeXml(escapeText(cell))}</t></is></c>`;
}

const isFormula = (text: string) => /^=[^=]/.test(text);
