import { UsageError } from '../../core/errors.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { expectSame } from '../../core/wire/header.ts';
import { openRecorder, type Recorder } from '../../core/wire/recorder.ts';
import { openRecording } from '../../core/wire/recording.ts';
import type { RecordingHeader, Replayed } from '../../core/wire/wire-types.ts';
import { keepEndpointKeys } from './endpoint-keys.ts';
import { tell, shownPath } from './printing.ts';
import { recordingHeader } from './recording-header.ts';
import { sourceOf } from './run-identity.ts';
import { tellReplayed, type ReplayWords } from './wire-end.ts';

/** What of a run is recorded or replayed. */
export interface RunWire {
  /** What the run's folder says: of a strict replay, that servers were confined as in the recorded run. */
  readonly manifest: Manifest;
  readonly recorder?: Recorder;
  readonly onReplayed?: (replayed: Replayed) => void;
  /** No world is made. */
  readonly isStrict: boolean;
  /** Says what came of it. Returns the number of requests that a strict replay could not answer. */
  readonly end: () => number;
  readonly close: () => void;
}

/** Throws `UsageError` where a replay would go on with a run in the usual folder, in which nothing may be left to ask. */
export function expectReplayFolder(hasFolder: boolean): void {
  const mode = chosenWire()?.mode;
  if (hasFolder || mode === undefined || mode === 'record') return;
  throw new UsageError(
    'A replay is a run of its own: name a folder for it with --out, or replace the earlier run in the usual folder with --fresh.',
  );
}

export const replayCure =
  'Replay it with the suite, servers, models and Toolstone that it was made with, or record again.';

/**
 * The recording that the user chose, held to the run that is described. Throws `UsageError` where there is none or it was changed, and
 * `Incomparable` where it is of another run.
 */
export function openRunWire(manifest: Manifest, suite: Suite, hasFolder: boolean): RunWire {
  const wire = chosenWire();
  if (wire === undefined) return { manifest, isStrict: false, end: () => 0, close: () => undefined };
  const { mode, folder } = wire;
  if (manifest.rewardJudges)
    throw new UsageError(
      'A training that a judge rewards cannot be recorded or replayed: leave out --wire, or --judge.',
    );
  keepEndpointKeys(manifest.jobs.map(({ policy }) => policy));
  const now = headerOf(manifest, suite);
  if (mode === 'record') {
    const recorder = openRecorder(folder, now);
    const end = () => {
      tell(`The run's conversations are recorded in ${shownPath(folder)}.`);
      return 0;
    };
    return { manifest, recorder, isStrict: false, end, close: recorder.close };
  }
  expectReplayFolder(hasFolder);
  const { header: recorded } = openRecording(folder);
  const isStrict = mode === 'strict';
  expectSame(folder, recorded, now, { cure: replayCure, isStrict });
  const episodes = new Map<string, Replayed>();
  const { confinement } = recorded;
  return {
    manifest: isStrict && confinement ? { ...manifest, confinement } : manifest,
    isStrict,
    onReplayed: (replayed) => episodes.set(replayed.episode, replayed),
    end: () => {
      const all = [...episodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
      return tellReplayed(all, wordsOf(all.length), { isStrict, recorded, now });
    },
    close: () => undefined,
  };
}

const wordsOf = (episodes: number): ReplayWords => ({
  scope: ` of ${episodes} episodes`,
  strict:
    'These episodes are void, for the recording lacks what they asked. Replay with --wire replay:FOLDER to have servers and models asked, or record the run again:',
  live: 'These episodes asked what the recording lacks, so that servers or models answered:',
  line: ({ episode, missed }) => [`${episode}: ${missed[0]}`],
});

const headerOf = ({ toolstone, suite: name, servers, confinement }: Manifest, suite: Suite): RecordingHeader =>
  recordingHeader({
    kind: 'episodes',
    suite: name,
    servers: Object.keys(servers),
    version: toolstone.version,
    source: sourceOf(suite, []),
    confinement,
  });
