import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packedTable, type FormTable } from '../../core/identity/form-cache.ts';
import { normalForm, type NormalForm } from '../../core/identity/normal-form.ts';

/**
 * Run by `npm pack` after the compiler: copies what the code reads at run time (`.md`, `.json`, `.cjs`, the page's own files, what builds boxes) beside it, and says
 * of every compiled module which normal form its source has, so that source and package have the same identity.
 */
const rooms = ['core', 'envs', 'suites', 'judges', 'meta-evaluation', 'baselines', 'finetune', 'reports', 'commands'];
const forms: Record<string, NormalForm> = {};
for (const room of rooms) {
  for (const entry of readdirSync(room, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /^reports.(runs|reference.(experiments|gate))/.test(path)) continue;
    if (/\.(md|json|cjs)$|^reports.html.page.|^envs.*\.(sh|pl)$|^suites.importers.bfcl-classes./.test(path))
      cpSync(path, join('dist', path));
    const compiled = join('dist', path.replace(/\.ts$/, '.js'));
    if (!path.endsWith('.ts') || !existsSync(compiled)) continue;
    const hash = createHash('sha256').update(readFileSync(compiled)).digest('hex');
    forms[hash] = normalForm(readFileSync(path, 'utf8'), '.ts');
  }
}
const table: FormTable = { madeBy: 'the source', forms };
writeFileSync(join('dist', packedTable), `${JSON.stringify(table)}\n`);
