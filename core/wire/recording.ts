import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { isJsonObject, tooDeep } from '../json.ts';
import type { Place } from '../record/lines.ts';
import { isRefusal } from './failures.ts';
import { headerIn } from './header.ts';
import { eachMember, entryOf, textOfMember } from './members.ts';
import type { Exchange, RecordedEpisode, RecordedFailure, RecordingHeader } from './wire-types.ts';

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
  /** That the model of a connection takes no functions, if an episode was told so. */
  readonly functionRefusal: (connection: string) => RecordedFailure | undefined;
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
  /** Whole lines, the header among them. */
  readonly lines: number;
  /** By episode, in the order of the file; a later line of an episode is the one that counts. */
  readonly episodes: ReadonlyMap<string, LinePlace>;
  /** By key: an episode that has it. */
  readonly keys: ReadonlyMap<string, string>;
  /** By connection of a model that takes no functions. */
  readonly refusals: ReadonlyMap<string, RecordedFailure>;
}

/** Opens the recording in `folder`. Throws `UsageError` where there is none, and where it is not as it was written. */
export function openRecording(folder: string): Recording {
  const path = join(folder, recordingName);
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} holds no recording (${recordingName}). Name the folder of one, or make one with --wire record:FOLDER.`,
    );
  }
  const { bytes, header, isTorn, lines, episodes, keys, refusals } = indexOf(path);
  if (isTorn || header === undefined) {
    throw new UsageError(
      `The recording ${path} ends in the middle of an episode, in line ${lines + 1}: the command that made it was interrupted. Re-run that command with ` +
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
  return { folder, header, exchangesOf, find, functionRefusal: (connection) => refusals.get(connection) };
}

/** Reads all lines of a recording and holds each to its hash; a missing file is empty. Throws `UsageError` that names the line. */
export function indexOf(path: string): RecordingIndex {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const episodes = new Map<string, LinePlace>();
  const keys = new Map<string, string>();
  const refusals = new Map<string, RecordedFailure>();
  let header: RecordingHeader | undefined;
  let number = 0;
  const take = (line: string, place: LinePlace) => {
    number += 1;
    const entry = entryOf(line);
    if (entry === null) throw damaged(path, number, 'is not what was written');
    if (number === 1) {
      header = headerIn(path, jsonIn(entry));
      return;
    }
    const recorded: unknown = jsonIn(entry);
    if (!isEpisode(recorded)) throw damaged(path, number, 'holds no episode');
    const { episode, exchanges } = recorded;
    // Put where it is last, as it will be kept.
    episodes.delete(episode);
    episodes.set(episode, place);
    for (const exchange of exchanges) {
      if (!keys.has(exchange.key)) keys.set(exchange.key, episode);
      if (isRefusal(exchange)) refusals.set(exchange.connection, exchange.failure);
    }
  };
  const { end, fault } = eachMember(bytes, (text, member) =>
    text
      .trimEnd()
      .split('\n')
      .forEach((line, index) => take(line, { member, index })),
  );
  if (fault === 'broken') throw damaged(path, number + 1, 'cannot be unpacked');
  return { bytes, header, end, isTorn: fault === 'torn', lines: number, episodes, keys, refusals };
}

/** Nothing where it is no JSON: somebody hashed something else. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isEpisode = (value: unknown): value is RecordedEpisode =>
  isJsonObject(value) &&
  tooDeep(value) === null &&
  typeof value['episode'] === 'string' &&
  Array.isArray(value['exchanges']) &&
  value['exchanges'].every(isExchange);

const isExchange = (value: unknown): boolean =>
  isJsonObject(value) &&
  typeof value['key'] === 'string' &&
  ('failure' in value ? isFailure(value['failure']) : 'answer' in value);

const isFailure = (value: unknown): boolean =>
  isJsonObject(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string';

const damaged = (path: string, line: number, what: string): UsageError =>
  new UsageError(
    `${path}, line ${line}, ${what}: the recording was changed or damaged. Restore it from a copy, or record again into ` +
      'another folder.',
  );

/** The line at a place that the index knows. */
export const lineAt = (bytes: Buffer, { member, index }: LinePlace): string =>
  textOfMember(bytes, member).split('\n')[index] ?? '';

/** The episode at a place that the index knows. */
export const episodeAt = (bytes: Buffer, place: LinePlace): RecordedEpisode =>
  JSON.parse(entryOf(lineAt(bytes, place)) ?? '') as RecordedEpisode;
