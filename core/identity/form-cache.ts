import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { version as parserVersion } from 'acorn';
import { moduleEnding } from '../list.ts';
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

let formsByHash: Map<string, NormalForm> | undefined;
let isGrown = false;

/** The normal form of a module in these bytes, parsed where it is met for the first time. Throws `SyntaxError`. */
export function formOf(bytes: Uint8Array, ending: string): NormalForm {
  formsByHash ??= readTable();
  const hash = createHash('sha256').update(bytes).digest('hex');
  const form = formsByHash.get(hash) ?? normalForm(new TextDecoder().decode(bytes), ending);
  isGrown ||= !formsByHash.has(hash);
  formsByHash.set(hash, form);
  return form;
}

/** Keeps what was parsed for the next process; where that cannot be written it is parsed again. */
export function keepForms(): void {
  if (isCompiled || !isGrown || formsByHash === undefined) return;
  isGrown = false;
  // Of this thread alone, for others may write at the same time.
  const next = `${tableFile}.${process.pid}-${threadId}`;
  const table: FormTable = { madeBy: madeBy(), forms: Object.fromEntries(formsByHash) };
  try {
    mkdirSync(new URL('../../node_modules/.cache/toolstone/', import.meta.url), { recursive: true });
    writeFileSync(next, JSON.stringify(table));
    renameSync(next, tableFile);
  } catch {
    // Nothing is lost but time.
    rmSync(next, { force: true });
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
