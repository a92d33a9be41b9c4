import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './files.ts';
import {
  chainName,
  chainOf,
  checkLines,
  hashedFiles,
  type HashedFile,
  hashesName,
  lineHash,
  type LineHash,
} from './chain.ts';
import { openLineLog, type LineFile } from './line-file.ts';
import { eachLine } from './lines.ts';

/** Hashes of a run's records while it writes them. */
export interface LineHashes {
  /** The file, each of whose further lines is hashed before it is written: what has no hash was not written by the run. */
  readonly of: (name: HashedFile, file: LineFile) => LineFile;
  /** Hashes the lines of a file of another run, which is about to be copied as a whole. */
  readonly adopt: (name: HashedFile, source: string) => void;
  /** The files are about to change: the chain, if there is one, is no longer theirs. */
  readonly unseal: () => void;
  /** The files are complete and in plan order: writes hashes in that order, and the chain. */
  readonly seal: () => void;
  readonly close: () => void;
}

const lineOf = ({ file, sha256 }: LineHash): string => JSON.stringify({ file, sha256 });

/**
 * Opens the hashes of the run in `folder`, before its record files are opened. A run that an older Toolstone began goes on
 * without hashes. Throws `UsageError` where a record is not what the run wrote.
 */
export function openLineHashes(folder: string): LineHashes {
  const path = join(folder, hashesName);
  if (!existsSync(path) && hashedFiles.some((name) => hasBytes(join(folder, name)))) return none;
  checkLines(folder);
  // A hash whose line a kill kept from its file may stand there twice, until the run is sealed.
  let hashes = openLineLog(path);
  const add = (hash: LineHash) => hashes.append(lineOf(hash));
  const unseal = () => rmSync(join(folder, chainName), { force: true });
  return {
    of: (name, file) => ({
      ...file,
      append: (key, line) => {
        if (!file.has(key)) add({ file: name, sha256: lineHash(line) });
        file.append(key, line);
      },
    }),
    adopt: (name, source) => void eachLine(source, ({ bytes }) => add({ file: name, sha256: lineHash(bytes) })),
    unseal,
    seal: () => {
      const lines: string[] = [];
      const chain = chainOf(folder, (hash) => lines.push(`${lineOf(hash)}\n`));
      hashes.close();
      writeWhole(path, lines.join(''));
      hashes = openLineLog(path);
      writeWhole(join(folder, chainName), `${JSON.stringify({ version: 1, ...chain }, null, 2)}\n`);
    },
    close: () => hashes.close(),
  };
}

const hasBytes = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** For runs whose records have no hashes. */
const none: LineHashes = {
  of: (_, file) => file,
  adopt: () => undefined,
  unseal: () => undefined,
  seal: () => undefined,
  close: () => undefined,
};
