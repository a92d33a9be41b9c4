import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { writableFolder, writeFailure, writeWhole, writing } from '../record/files.ts';
import { lockFolder } from '../record/lock.ts';
import { expectSame } from './header.ts';
import { entryOf, lineOf, memberOf, textOfMember } from './members.ts';
import { indexOf, lineAt, recordingName } from './recording.ts';
import type { RecordedEpisode, RecordingHeader } from './wire-types.ts';

/** Writes a recording, an episode or question at a time. */
export interface Recorder {
  readonly folder: string;
  readonly has: (episode: string) => boolean;
  /** What an earlier try or this one kept of an episode. */
  readonly kept: (episode: string) => RecordedEpisode | undefined;
  /** Appends an episode's exchanges, a `RecordedEpisode` as JSON; one that was played again replaces the earlier one. */
  readonly keep: (episode: string, entry: string) => void;
  /** Puts the episodes in the order of `compare`, each once, so that equal runs have equal bytes; nothing is kept after that. */
  readonly sort: (compare: (a: string, b: string) => number) => void;
  readonly close: () => void;
}

/**
 * Opens or makes the recording in `folder`; one of the same kind goes on, also with further models, a torn end cut off. Throws `UsageError`
 * where it is in use or was changed, and `Incomparable` where it is of something else.
 */
export function openRecorder(folder: string, header: RecordingHeader): Recorder {
  const path = join(folder, recordingName);
  writableFolder(folder);
  const release = lockFolder(folder);
  try {
    const { bytes, header: theirs, end, episodes } = indexOf(path);
    if (theirs)
      expectSame(folder, theirs, header, { cure: 'Record into another folder, or delete this recording first.' });
    const members = new Map([...episodes].map(([episode, place]) => [episode, memberOf(lineAt(bytes, place))]));
    const whole: RecordingHeader = theirs ? { ...theirs, models: { ...theirs.models, ...header.models } } : header;
    const first = memberOf(lineOf(JSON.stringify(whole)));
    if (!theirs) writeWhole(path, first);
    const file = writing(path, () => openSync(path, 'r+'));
    let size = theirs ? end : first.length;
    ftruncateSync(file, size);
    const keep = (episode: string, entry: string) => {
      const member = memberOf(lineOf(entry));
      try {
        for (let done = 0; done < member.length;)
          done += writeSync(file, member, done, member.length - done, size + done);
      } catch (error) {
        ftruncateSync(file, size);
        throw writeFailure(path, error);
      }
      size += member.length;
      members.set(episode, member);
    };
    const kept = (episode: string) => {
      const member = members.get(episode);
      const line = member && textOfMember(member, { start: 0, length: member.length }).trimEnd();
      return line === undefined ? undefined : (JSON.parse(entryOf(line) ?? '') as RecordedEpisode);
    };
    const sort: Recorder['sort'] = (compare) => {
      const sorted = [...members].sort(([a], [b]) => compare(a, b));
      writeWhole(path, Buffer.concat([first, ...sorted.map(([, member]) => member)]));
    };
    const close = () => {
      fsyncSync(file);
      closeSync(file);
      release();
    };
    return { folder, has: (episode) => members.has(episode), kept, keep, sort, close };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Throws `UsageError` where a recording lacks `finished` episodes of the run in `runFolder`: it could not be replayed, and they are not
 * played again.
 */
export function expectRecorded(
  recorder: Pick<Recorder, 'folder' | 'has'> | undefined,
  runFolder: string,
  finished: () => readonly string[],
): void {
  if (recorder === undefined) return;
  const { folder, has } = recorder;
  const keys = finished();
  const lacking = keys.filter((key) => !has(key)).length;
  if (lacking === 0) return;
  throw new UsageError(
    `The run in ${runFolder} has finished ${keys.length} episodes, and the recording in ${folder} lacks ${lacking} of them. ` +
      'Name another folder with --out, or play the run again with --fresh.',
  );
}
