import type { JobMessage } from '../../core/run/episode.ts';
import type { WorldPool } from '../../core/types.ts';
import { chooseWire } from '../../core/wire/chosen.ts';
import { openRecording } from '../../core/wire/recording.ts';
import type { WireChoice } from '../../core/wire/wire-types.ts';
import { adoptToolLists, toolspaceOf } from '../../envs/toolspaces.ts';
import { recordedUse, replayedUse } from '../../envs/wire/wired-pool.ts';
import { factsOf } from '../../envs/world-pool.ts';

/** The worlds of a worker thread, as its jobs get them. */
export interface WorkerWorlds {
  /** What is recorded or replayed of a job's episodes is told to `emit`. */
  readonly poolFor: (emit: (message: JobMessage) => void) => WorldPool;
  readonly dispose: () => Promise<void>;
}

/**
 * Live worlds, or such as a recording answers for: then the live ones, which `open` opens, are opened at the first miss, and never where
 * the replay is strict. To be called before any server is asked for its tools. Throws `UsageError` where the recording is none.
 */
export function workerWorlds(open: () => WorldPool, wire: WireChoice | undefined): WorkerWorlds {
  const recording = wire && wire.mode !== 'record' ? openRecording(wire.folder) : undefined;
  chooseWire(wire, recording?.header.models);
  let opened: WorldPool | undefined;
  const live = () => (opened ??= open());
  const dispose = async () => opened?.dispose();
  if (wire === undefined) return { poolFor: live, dispose };
  const poolWith = (use: WorldPool['use']): WorldPool => ({ use, factsOf, toolspaceOf, dispose });
  if (recording === undefined) {
    return {
      poolFor: (emit) =>
        poolWith(recordedUse(live(), { keep: (episode, entry) => emit({ kind: 'recorded', episode, entry }) })),
      dispose,
    };
  }
  const isStrict = wire.mode === 'strict';
  if (isStrict) adoptToolLists(recording.header.lists);
  return {
    poolFor: (emit) =>
      poolWith(replayedUse(live, { recording, isStrict, tell: (replayed) => emit({ kind: 'replayed', replayed }) })),
    dispose,
  };
}
