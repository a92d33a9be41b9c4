import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Incomparable, UsageError } from '../errors.ts';
import type { Place } from '../record/lines.ts';
import { eachMember, entryOf, textOfMember } from './members.ts';
import type { Exchange, RecordedEpisode, RecordingHeader } from './wire-types.ts';

/** The one file of a recording, in its folder. */
export const recordingName = 'wire.jsonl.gz';

/** A recording that answers. */
export interface Recording {
  readonly folder: string;
  readonly header: RecordingHeader;
  /** Exchanges of an episode by their keys; none where it was not recorded. */
  readonly exchangesOf: (episode: string) => ReadonlyMap<string, Exchange>;
  /** The exchange with this key in whichever episode had it first. */
  readonly find: (key: string) => Exchange | undefined;
}

/** A line's member, and which line of it. */
interface LinePlace {
  readonly member: Place;
  readonly index: number;
}

/** What is kept of a recording while it is read: the text of the lines is not. */
export interface RecordingIndex {
  readonly bytes: Buffer;
  readonly header: RecordingHeader | undefined;
  /** Where the last whole line ends, in bytes; `isTorn`: more bytes follow. */
  readonly end: number;
  readonly isTorn: boolean;
  /** By episode, in the order of the file; a later line of an episode is the one that counts. */
  readonly episodes: ReadonlyMap<string, LinePlace>;
  /** By key: an episode that has it. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Opens the recording in `folder`. Throws `UsageError` where there is none, and where it is not as it was written. */
export function openRecording(folder: string): Recording {
  const path = join(folder, recordingName);
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} holds no recording (${recordingName}). Name the folder of one, or make one with --wire record:FOLDER.`,
    );
  }
  const { bytes, header, isTorn, episodes, keys } = indexOf(path);
  if (isTorn || header === undefined) {
    throw new UsageError(
      `The recording ${path} ends in the middle of an episode: the run that made it was interrupted. Re-run that run with ` +
        `--wire record:FOLDER to complete it; what is whole is kept.`,
    );
  }
  const exchangesOf = (episode: string) => {
    const place = episodes.get(episode);
    const exchanges = place ? episodeAt(bytes, place).exchanges : [];
    return new Map(exchanges.map((exchange) => [exchange.key, exchange]));
  };
  const find = (key: string) => {
    const episode = keys.get(key);
    return episode === undefined ? undefined : exchangesOf(episode).get(key);
  };
  return { folder, header, exchangesOf, find };
}

/** Reads all lines of a recording and holds each to its hash; a missing file is empty. Throws `UsageError` that names the line. */
export function indexOf(path: string): RecordingIndex {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const episodes = new Map<string, LinePlace>();
  const keys = new Map<string, string>();
  let header: RecordingHeader | undefined;
  let number = 0;
  const take = (line: string, place: LinePlace) => {
    number += 1;
    const entry = entryOf(line);
    if (entry === null) throw damaged(path, number, 'is not what the run wrote');
    if (number === 1) {
      header = headerIn(path, entry);
      return;
    }
    const { episode, exchanges } = JSON.parse(entry) as RecordedEpisode;
    // Put where it is last, as it will be kept.
    episodes.delete(episode);
    episodes.set(episode, place);
    for (const { key } of exchanges) if (!keys.has(key)) keys.set(key, episode);
  };
  const { end, fault } = eachMember(bytes, (text, member) =>
    text
      .trimEnd()
      .split('\n')
      .forEach((line, index) => take(line, { member, index })),
  );
  if (fault === 'broken') throw damaged(path, number + 1, 'cannot be unpacked');
  return { bytes, header, end, isTorn: fault === 'torn', episodes, keys };
}

const damaged = (path: string, line: number, what: string): UsageError =>
  new UsageError(
    `${path}, line ${line}, ${what}: the recording was changed or damaged. Restore it from a copy, or record the run again ` +
      'into another folder.',
  );

function headerIn(path: string, entry: string): RecordingHeader {
  const header = JSON.parse(entry) as RecordingHeader;
  if (header.version === 1) return header;
  throw new UsageError(
    `${path} is a recording of version ${String(header.version)}, and this Toolstone reads version 1. Use the Toolstone that made it, or ` +
      'record the run again.',
  );
}

/** The line at a place that the index knows. */
export const lineAt = (bytes: Buffer, { member, index }: LinePlace): string =>
  textOfMember(bytes, member).split('\n')[index] ?? '';

const episodeAt = (bytes: Buffer, place: LinePlace): RecordedEpisode =>
  JSON.parse(entryOf(lineAt(bytes, place)) ?? '') as RecordedEpisode;

/** Holds a recording to what a run would record now. Throws `Incomparable`, with the cure. */
export function expectSame(folder: string, recorded: RecordingHeader, now: RecordingHeader, cure: string): void {
  const faults = [
    ...(recorded.suite === now.suite ? [] : [`it is of the suite ${recorded.suite}, not of ${now.suite}`]),
    ...serverFaults(recorded, now),
    ...(recorded.toolstone.source === now.toolstone.source
      ? []
      : [`it was made by other code (Toolstone ${recorded.toolstone.version}), which makes worlds or tasks otherwise`]),
  ];
  if (faults.length === 0) return;
  throw new Incomparable(`The recording in ${folder} is not of this run: ${faults.join('; ')}. ${cure}`);
}

function serverFaults({ servers: before }: RecordingHeader, { servers: now }: RecordingHeader): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [theirs, ours] = [before[name], now[name]];
    if (theirs === undefined) return [`it knows nothing of the server ${name}`];
    if (ours === undefined) return [`it has a server ${name}, which this run does not have`];
    if (theirs.package !== ours.package) return [`its server ${name} is ${theirs.package}, not ${ours.package}`];
    return theirs.schemaHash === ours.schemaHash ? [] : [`its server ${name} offered other tools`];
  });
}
