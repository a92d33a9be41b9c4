import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { version as parserVersion } from 'acorn';
import { moduleEnding } from '../list.ts';
import { writeWhole } from '../record/files.ts';
import { normalForm, type NormalForm } from './normal-form.ts';

/**
 * Normal forms by the SHA-256 (hex) of a file's bytes. The compiled package brings a table made from its source, by which
 * compiled modules count as the source they came from; one that was edited is in no table and counts as it stands. In
 * development the table saves the work of parsing what has not changed.
 */
export interface FormTable {
  /** What made it; a table made by something else is not used in development. */
  readonly madeBy: string;
  readonly forms: Readonly<Record<string, NormalForm>>;
}

const isCompiled = moduleEnding === '.js';
/** Place of the table that comes with the compiled package. */
export const packedTable = 'modules.json';
const tableFile = fileURLToPath(
  new URL(isCompiled ? `../../${packedTable}` : '../../node_modules/.cache/toolstone/modules.json', import.meta.url),
);
/** A table of more is begun anew: it is that of many versions of the code. */
const mostForms = 5_000;

let known: Map<string, NormalForm> | undefined;
let isGrown = false;

/** The normal form of a module in these bytes, parsed where it is met for the first time. Throws `SyntaxError`. */
export function formOf(bytes: Uint8Array, ending: string): NormalForm {
  known ??= readTable();
  const hash = createHash('sha256').update(bytes).digest('hex');
  const form = known.get(hash) ?? normalForm(new TextDecoder().decode(bytes), ending);
  isGrown ||= !known.has(hash);
  known.set(hash, form);
  return form;
}

/** Keeps what was parsed for the next process; where that cannot be written it is parsed again. */
export function keepForms(): void {
  if (isCompiled || !isGrown || known === undefined) return;
  isGrown = false;
  const table: FormTable = { madeBy: madeBy(), forms: Object.fromEntries(known) };
  try {
    mkdirSync(new URL('../../node_modules/.cache/toolstone/', import.meta.url), { recursive: true });
    writeWhole(tableFile, JSON.stringify(table));
  } catch {
    // Nothing is lost but time.
  }
}

function readTable(): Map<string, NormalForm> {
  try {
    const { madeBy: maker, forms } = JSON.parse(readFileSync(tableFile, 'utf8')) as FormTable;
    const entries = Object.entries(forms);
    return new Map((isCompiled || maker === madeBy()) && entries.length <= mostForms ? entries : []);
  } catch {
    return new Map();
  }
}

function madeBy(): string {
  const code = readFileSync(new URL(`./normal-form${moduleEnding}`, import.meta.url));
  return `${createHash('sha256').update(code).digest('hex')} ${parserVersion} ${process.versions.node}`;
}
