import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packedTable, type FormTable } from '../../core/identity/form-cache.ts';
import { normalForm, type NormalForm } from '../../core/identity/normal-form.ts';
import { packedQwen3, qwen3Source } from '../../core/tokens/qwen3-file.ts';
import { isCopied } from './copied.ts';

/**
 * Run by `npm pack` after the compiler: copies what the code reads at run time beside it, and the Qwen3 vocabulary once, compressed, in place of the package that has
 * it. It says of every compiled module which normal form its source has, so that source and package have the same identity.
 */
const rooms = ['core', 'envs', 'suites', 'judges', 'meta-evaluation', 'baselines', 'finetune', 'reports', 'commands'];
const forms: Record<string, NormalForm> = {};
for (const room of rooms) {
  for (const entry of readdirSync(room, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    if (isCopied(path)) cpSync(path, join('dist', path));
    const compiled = join('dist', path.replace(/\.ts$/, '.js'));
    if (!path.endsWith('.ts') || !existsSync(compiled)) continue;
    const hash = createHash('sha256').update(readFileSync(compiled)).digest('hex');
    forms[hash] = normalForm(readFileSync(path, 'utf8'), '.ts');
  }
}
const table: FormTable = { madeBy: 'the source', forms };
writeFileSync(join('dist', packedTable), `${JSON.stringify(table)}\n`);
cpSync('toolstone.cjs', 'dist/toolstone.cjs');

const vocabulary = JSON.stringify(JSON.parse(readFileSync(qwen3Source(), 'utf8')));
writeFileSync(join('dist/core/tokens', packedQwen3), gzipSync(vocabulary, { level: 9 }));
// The licence of the package, and that of the vocabulary (Apache 2.0), whose text another package of the same licence has.
cpSync(join(dirname(qwen3Source()), '..', 'LICENSE'), 'dist/core/tokens/qwen3-tokenizer.LICENSE-MIT');
cpSync('node_modules/@huggingface/tokenizers/LICENSE', 'dist/core/tokens/qwen3-tokenizer.LICENSE-APACHE');
