import { UsageError } from '../../core/errors.ts';
import type { Manifest } from '../../core/run-types.ts';
import { toTerminal } from '../../core/terminal.ts';
import type { Suite } from '../../core/types.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { openRecorder, type Recorder } from '../../core/wire/recorder.ts';
import { expectSame, openRecording } from '../../core/wire/recording.ts';
import type { RecordingHeader, Replayed } from '../../core/wire/wire-types.ts';
import { toolListsOf } from '../../envs/toolspaces.ts';
import { tell, shownPath } from './printing.ts';
import { sourceOf } from './run-identity.ts';

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

/**
 * The recording that the user chose, held to the run that is described. Throws `UsageError` where there is none or it was changed, and
 * `Incomparable` where it is of another run.
 */
export function openRunWire(manifest: Manifest, suite: Suite, hasFolder: boolean): RunWire {
  const wire = chosenWire();
  if (wire === undefined) return { manifest, isStrict: false, end: () => 0, close: () => undefined };
  const { mode, folder } = wire;
  const header = headerOf(manifest, suite);
  if (mode === 'record') {
    const recorder = openRecorder(folder, header);
    const end = () => {
      tell(`The run's conversations are recorded in ${shownPath(folder)}.`);
      return 0;
    };
    return { manifest, recorder, isStrict: false, end, close: recorder.close };
  }
  if (!hasFolder) {
    throw new UsageError(
      'A replay is a run of its own: name a folder for it with --out, or replace the earlier run in the usual folder with --fresh.',
    );
  }
  const { header: recorded } = openRecording(folder);
  expectSame(
    folder,
    recorded,
    header,
    'Replay it with the suite, servers and Toolstone that it was made with, or record the run again.',
  );
  const isStrict = mode === 'strict';
  const episodes = new Map<string, Replayed>();
  const { confinement } = recorded;
  return {
    manifest: isStrict && confinement ? { ...manifest, confinement } : manifest,
    isStrict,
    onReplayed: (replayed) => episodes.set(replayed.episode, replayed),
    end: () =>
      tellReplayed(
        [...episodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
        isStrict,
      ),
    close: () => undefined,
  };
}

/** What a recording of a run says that it was made with. */
const headerOf = ({ toolstone, node, suite: name, servers, confinement }: Manifest, suite: Suite): RecordingHeader => ({
  version: 1,
  toolstone: { version: toolstone.version, source: sourceOf(suite, []) },
  node,
  suite: name,
  servers,
  ...(confinement ? { confinement } : {}),
  lists: toolListsOf(Object.keys(servers)),
});

const mostNamed = 5;

function tellReplayed(episodes: readonly Replayed[], isStrict: boolean): number {
  const answered = episodes.reduce((sum, episode) => sum + episode.answered, 0);
  const missing = episodes.filter(({ missed }) => missed.length > 0);
  const misses = missing.reduce((sum, { missed }) => sum + missed.length, 0);
  tell(`Wire: the recording answered ${answered} of ${answered + misses} requests of ${episodes.length} episodes.`);
  if (misses === 0) return 0;
  const named = missing.slice(0, mostNamed).map(({ episode, missed }) => `  ${episode}: ${missed[0]}`);
  const more = missing.length > mostNamed ? [`  and ${missing.length - mostNamed} more`] : [];
  const what = isStrict
    ? 'These episodes are void, for the recording lacks what they asked. Replay with --wire replay:FOLDER to have servers and models asked, or record the run again:'
    : 'These episodes asked what the recording lacks, so that servers or models answered:';
  const text = [what, ...named, ...more].join('\n');
  // Why a run ends with another exit code is told to those, too, who want to hear nothing else.
  if (isStrict) toTerminal(process.stderr, `${text}\n`);
  else tell(text);
  return isStrict ? misses : 0;
}
