import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { eachLine } from './lines.ts';
import { liveOwner } from './lock.ts';
import { shapeFault } from './shape.ts';

/* What shows that the records of a run are those it wrote: docs/decisions/0010-the-trajectory-is-the-artefact.md. */

/** Files whose lines are hashed, in the order of the chain; clock times (`timings.jsonl`) are not among them. */
export const hashedFiles = ['trajectories.jsonl', 'learning.jsonl', 'systems.jsonl'] as const;
export type HashedFile = (typeof hashedFiles)[number];

/** The hash of each line as it was written. */
export const hashesName = 'hashes.jsonl';
/** The head of the chain; there once the run is complete. */
export const chainName = 'chain.json';

/** A line of `hashes.jsonl`. */
export interface LineHash {
  readonly file: HashedFile;
  /** SHA-256 (hex) of the line's bytes without its newline. */
  readonly sha256: string;
}

/** `chain.json`. */
export interface Chain {
  readonly version: 1;
  /** Lines of each file. */
  readonly lines: Readonly<Record<HashedFile, number>>;
  /** SHA-256 (hex): `head = sha256(head before + file + ' ' + sha256 + '\n')` over all lines, from the empty text on. */
  readonly head: string;
}

/**
 * What is known of a run's records: `sealed` when complete, `open` before (`writer`: id of the process that still writes), `unhashed` where an older Toolstone wrote them; `rows`
 * where they are elsewhere and here are but rows of them (`row-files.ts`).
 */
export type ChainState =
  | { readonly kind: 'sealed' | 'rows'; readonly head: string }
  | { readonly kind: 'open'; readonly writer?: number }
  | { readonly kind: 'unhashed' };

export const lineHash = (line: string | Uint8Array): string => createHash('sha256').update(line).digest('hex');

export const hashKey = ({ file, sha256 }: LineHash): string => `${file} ${sha256}`;

/** The chain over the lines that the files of a run hold now, and their hashes in its order. */
export function chainOf(
  folder: string,
  use: (hash: LineHash, line: number) => void = () => undefined,
): Omit<Chain, 'version'> {
  const lines: Record<HashedFile, number> = { 'trajectories.jsonl': 0, 'learning.jsonl': 0, 'systems.jsonl': 0 };
  let head = '';
  for (const file of hashedFiles)
    eachLine(join(folder, file), ({ bytes, number }) => {
      const hash = { file, sha256: lineHash(bytes) };
      use(hash, number);
      head = lineHash(`${head}${hashKey(hash)}\n`);
      lines[file] = number;
    });
  return { lines, head };
}

const cure =
  'Restore the file from a copy, or delete that line and re-run the command that wrote it: it makes again what is missing.';

/**
 * Holds each record of a run to the hash with which it was written, and the records of a complete run to the head of their
 * chain. Throws `UsageError` which names the file and the line that differs.
 */
export function checkRecords(folder: string): ChainState {
  const hashes = readHashes(folder);
  const chain = readChain(folder);
  if (hashes === null && chain === null) return { kind: 'unhashed' };
  const current = chainOf(folder, checkAgainst(folder, hashes));
  if (chain === null) {
    const writer = liveOwner(folder);
    return { kind: 'open', ...(writer === null ? {} : { writer }) };
  }
  if (chain.head === current.head) return { kind: 'sealed', head: chain.head };
  const changed = hashedFiles.find((file) => chain.lines[file] !== current.lines[file]);
  refuseGoingOn(folder);
  throw new UsageError(
    changed === undefined
      ? `The records in ${folder} are not those of ${chainName}: their order or that file was changed. ${restore(folder)}`
      : `${join(folder, changed)} has ${current.lines[changed]} lines, but ${chain.lines[changed]} by ${chainName}: ` +
          `${chain.lines[changed] > current.lines[changed] ? 'some are' : `line ${chain.lines[changed] + 1} was`} ` +
          `${chain.lines[changed] > current.lines[changed] ? 'missing' : 'added'}. ${restore(folder)}`,
  );
}

const restore = (folder: string): string =>
  `Restore ${folder} from a copy, or re-run the command that wrote it: it makes again what is missing, and a new chain.`;

/** For runs that go on: their records so far have to be what they wrote, but need not be all. Throws `UsageError`. */
export const checkLines = (folder: string): void => void chainOf(folder, checkAgainst(folder, readHashes(folder)));

function checkAgainst(folder: string, hashes: ReadonlySet<string> | null): (hash: LineHash, line: number) => void {
  if (hashes === null) return () => undefined;
  let known = hashes;
  return (hash, line) => {
    if (known.has(hashKey(hash))) return;
    // A run that goes on has written lines since, the hash of each before it.
    known = readHashes(folder) ?? known;
    if (known.has(hashKey(hash))) return;
    refuseGoingOn(folder);
    throw new UsageError(
      `${join(folder, hash.file)}, line ${line}, is not what the run wrote: ${hashesName} holds no such line. ${cure}`,
    );
  };
}

/** While a run writes, nothing that looks amiss in its records is. */
function refuseGoingOn(folder: string): void {
  const writer = liveOwner(folder);
  if (writer === null) return;
  throw new UsageError(
    `The run in ${folder} is still going on (process ${writer}), and its records are changing. Give the command again when it has ended.`,
  );
}

/** Hashes of the lines that a run has written; `null` where it wrote none, as older ones did. A torn last line counts not. */
export function readHashes(folder: string): ReadonlySet<string> | null {
  const path = join(folder, hashesName);
  if (!existsSync(path)) return null;
  const keys = new Set<string>();
  eachLine(path, ({ bytes, number }) => keys.add(hashKey(lineHashOf(path, bytes, number))));
  return keys;
}

function lineHashOf(path: string, bytes: Buffer, number: number): LineHash {
  const hash = parsed(bytes.toString());
  if (shapeFault('lineHash', hash) === null) return hash as LineHash;
  throw new UsageError(`${path}, line ${number}, is no hash of a record. Restore the file from a copy.`);
}

function readChain(folder: string): Chain | null {
  const path = join(folder, chainName);
  if (!existsSync(path)) return null;
  const chain = parsed(readFileSync(path, 'utf8'));
  if (shapeFault('chain', chain) === null) return chain as Chain;
  throw new UsageError(`${path} is no chain of version 1. ${restore(folder)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is said of a run's records beside its figures. */
export function chainNote(state: ChainState): string {
  if (state.kind === 'sealed')
    return `Records: unchanged since the run wrote them (hash chain with head ${state.head}).`;
  if (state.kind === 'rows')
    return `Records: elsewhere; these figures are made of a row for each evaluated episode of the records whose hash chain has the head ${state.head}.`;
  if (state.kind === 'open' && state.writer !== undefined)
    return `Records: the run is still going on (process ${state.writer}), and this is what it has written so far; each line is as the run wrote it.`;
  if (state.kind === 'open')
    return 'Records: each line is as the run wrote it; the chain is made when the run is complete.';
  return 'Records: written by an older Toolstone without hashes, so a later change could not be detected.';
}
