import { createHash } from 'node:crypto';
import { TaskFailure } from '../../../core/errors.ts';
import type { Files } from '../../../core/types.ts';
import { FIXED_GIT_ENVIRONMENT } from './repository.ts';
import type { History } from './history.ts';

type Kind = 'blob' | 'tree' | 'commit';

export interface Objects {
  /** Path below the repository → what is stored there, not yet as a stream. */
  readonly files: Map<string, Buffer>;
  readonly ids: readonly string[];
  /** Id of every text that a commit holds. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Objects of a history; every commit holds the files of those before it. */
export function writeCommits({ commits }: History): Objects {
  const files = new Map<string, Buffer>();
  const put = (kind: Kind, body: Buffer): string => {
    const whole = Buffer.concat([Buffer.from(`${kind} ${body.length}\0`), body]);
    const id = createHash('sha1').update(whole).digest('hex');
    const path = `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`;
    files.set(path, whole);
    return id;
  };
  const blobs = new Map<string, string>();
  const folder: Folder = new Map();
  const ids: string[] = [];
  for (const [index, { subject, files: changedFiles }] of commits.entries()) {
    for (const [path, text] of Object.entries(changedFiles)) {
      const id = blobs.get(text) ?? put('blob', Buffer.from(text));
      blobs.set(text, id);
      place(folder, path.split('/'), id);
    }
    const who = signature(index);
    const parents = index === 0 ? '' : `parent ${ids[index - 1]}\n`;
    const body = `tree ${putFolder(folder, put)}\n${parents}author ${who}\ncommitter ${who}\n\n${subject}\n`;
    ids.push(put('commit', Buffer.from(body)));
  }
  return { files, ids, blobs };
}

const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL } = FIXED_GIT_ENVIRONMENT;
/** The first commit's day; a day later for each after it, all of them before the world's clock starts. */
const FIRST_SECONDS = Date.UTC(2025, 10, 1, 9) / 1000;
const DAY_SECONDS = 86_400;

/** Who made a commit, and when. */
export const signature = (index: number) =>
  `${GIT_AUTHOR_NAME} <${GIT_AUTHOR_EMAIL}> ${FIRST_SECONDS + index * DAY_SECONDS} +0000`;

/** Name → a file's blob id, or a folder. */
type Folder = Map<string, string | Folder>;

function place(folder: Folder, [name = '', ...rest]: readonly string[], id: string): void {
  if (rest.length === 0) {
    folder.set(name, id);
    return;
  }
  const inner = folder.get(name) ?? new Map<string, string | Folder>();
  if (typeof inner === 'string') throw new TaskFailure(`${name} in a git history is both a file and a folder.`);
  folder.set(name, inner);
  place(inner, rest, id);
}

function putFolder(folder: Folder, put: (kind: Kind, body: Buffer) => string): string {
  const entries = [...folder].map(([name, entry]) =>
    typeof entry === 'string'
      ? { key: name, head: `100644 ${name}\0`, id: entry }
      : { key: `${name}/`, head: `40000 ${name}\0`, id: putFolder(entry, put) },
  );
  entries.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  return put('tree', Buffer.concat(entries.flatMap(({ head, id }) => [Buffer.from(head), Buffer.from(id, 'hex')])));
}

const LONGEST_BLOCK = 0xffff;
const ADLER_MODULUS = 65_521;

/** A zlib stream without compression, as git writes it where told to: the same bytes with every zlib. */
export function storedStream(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at === 0 || at < bytes.length; at += LONGEST_BLOCK) {
    const block = bytes.subarray(at, at + LONGEST_BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + LONGEST_BLOCK >= bytes.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % ADLER_MODULUS;
    high = (high + low) % ADLER_MODULUS;
  }
  const check = Buffer.alloc(4);
  check.writeUInt32BE(high * 65_536 + low);
  return Buffer.concat([...parts, check]);
}

const ENTRY_BYTES = 62;
const ID_AT = 40;

/** An index (version 2) without file times, which git therefore compares by content. */
export function writeIndex(committed: Files, blobs: ReadonlyMap<string, string>): Buffer {
  const header = Buffer.alloc(12);
  const names = Object.keys(committed).map((path) => Buffer.from(path));
  names.sort((one, other) => Buffer.compare(one, other));
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(names.length, 8);
  const entries = names.map((name) => {
    const entry = Buffer.alloc(Math.ceil((ENTRY_BYTES + name.length + 1) / 8) * 8);
    entry.writeUInt32BE(0o100644, 24);
    entry.write(blobs.get(committed[name.toString()] ?? '') ?? '', ID_AT, 'hex');
    entry.writeUInt16BE(Math.min(name.length, 0xfff), ID_AT + 20);
    name.copy(entry, ENTRY_BYTES);
    return entry;
  });
  const body = Buffer.concat([header, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
