import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownPathIn } from '../own-module.ts';
import { nameIn } from '../settings.ts';

const chunkBytes = 1 << 20;
const panel = 'panel:';

/** What is read beside the weights of a model: how messages are written, and how a judge was trained. */
const besideWeights = ['chat_template.jinja', 'judge.json'];

/**
 * SHA-256 (hex) of every file that a name of a policy or judge holds, and of those read beside it. Names are `FILE`,
 * `KIND:FILE`, each perhaps with `?SETTINGS`, or `panel:` and several of these with `|` between them. A module of a user's own is
 * left out, since it counts with all that it reaches.
 */
export function namedFileHashes(name: string): string[] {
  const parts = name.startsWith(panel) ? name.slice(panel.length).split('|') : [name];
  return parts.flatMap((part) => {
    const plain = nameIn(part.trim());
    const file = [plain, plain.slice(plain.indexOf(':') + 1)].find(isFile);
    if (file === undefined || ownPathIn(file) === file) return [];
    const beside = file.endsWith('.gguf')
      ? besideWeights.map((other) => join(dirname(file), other)).filter(isFile)
      : [];
    return [file, ...beside].map(fileHash);
  });
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Piece by piece: weights of a model are larger than memory. */
function fileHash(path: string): string {
  const [hash, chunk, file] = [createHash('sha256'), Buffer.alloc(chunkBytes), openSync(path, 'r')];
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
