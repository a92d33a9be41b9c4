import type { Suite } from '../../core/types.ts';
import { chosenWire, notedModels } from '../../core/wire/chosen.ts';
import { expectSame } from '../../core/wire/header.ts';
import { questionTape } from '../../core/wire/question-tape.ts';
import { openRecorder } from '../../core/wire/recorder.ts';
import { openRecording } from '../../core/wire/recording.ts';
import { withTape } from '../../core/wire/tape.ts';
import type { RecordingHeader, Replayed, WireChoice } from '../../core/wire/wire-types.ts';
import { concealIn } from '../../envs/processes/secrets.ts';
import { keepEndpointKeys } from './endpoint-keys.ts';
import { exitCodes } from './exit-codes.ts';
import { shownPath, tell } from './printing.ts';
import { recordingHeader } from './recording-header.ts';
import { replayCure } from './run-wire.ts';
import { packageVersion } from './version.ts';
import { tellReplayed } from './wire-end.ts';

/** What questions are about. */
export interface QuestionSubject {
  readonly suite: string;
  /** Whose tools a question, or the suite, tells of. */
  readonly servers: readonly string[];
  /** Identity of the code that asks. */
  readonly source: string;
}

/** The tasks of a suite; those of a user's own need the tools of their servers to be read. */
export const subjectOf = ({ name, isOwn, servers }: Suite, source: string): QuestionSubject => ({
  suite: name,
  servers: isOwn ? servers : [],
  source,
});

/**
 * Does work whose questions to models are recorded, or answered by a recording, as the user chose; its models have to be open. Where a strict
 * replay lacks answers the command ends with its exit code. Throws `UsageError` and `Incomparable` as `openRunWire` does.
 */
export async function overWire<T>(subject: QuestionSubject, work: () => Promise<T>): Promise<T> {
  const wire = chosenWire();
  if (wire === undefined) return work();
  keepEndpointKeys(Object.keys(notedModels()));
  const now = recordingHeader({ kind: 'questions', version: packageVersion(), ...subject });
  return wire.mode === 'record' ? recording(wire.folder, now, work) : replaying(wire, now, work);
}

async function recording<T>(folder: string, header: RecordingHeader, work: () => Promise<T>): Promise<T> {
  const recorder = openRecorder(folder, header);
  try {
    const result = await withTape(questionTape({ recorder }, concealIn), work);
    recorder.sort((a, b) => (a < b ? -1 : 1));
    tell(`The conversations with the model are recorded in ${shownPath(folder)}.`);
    return result;
  } finally {
    recorder.close();
  }
}

async function replaying<T>({ mode, folder }: WireChoice, now: RecordingHeader, work: () => Promise<T>): Promise<T> {
  const source = openRecording(folder);
  const isStrict = mode === 'strict';
  expectSame(folder, source.header, now, { cure: replayCure, isStrict });
  const tape = questionTape({ recording: source, isStrict }, concealIn);
  const result = await withTape(tape, work);
  const words = {
    scope: '',
    strict:
      'What these would have answered is missing, for the recording lacks it. Give the command with --wire replay:FOLDER to have the model asked, or record again:',
    live: 'The recording lacks these, so that the model was asked:',
    line: ({ missed }: Replayed) =>
      [...Map.groupBy(missed, (what) => what)].map(([what, same]) => `${what}, ${same.length} times`),
  };
  if (tellReplayed([tape.replayed()], words, { isStrict, recorded: source.header, now }) > 0)
    process.exitCode = exitCodes.incomparable;
  return result;
}
