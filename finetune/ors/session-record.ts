import { join } from 'node:path';
import type { HashedFile } from '../../core/record/chain.ts';
import { openLineFile, openLineLog } from '../../core/record/line-file.ts';
import { openLineHashes } from '../../core/record/line-hashes.ts';
import type { Job, Timing } from '../../core/run-types.ts';
import { type EpisodeKey, keyText, type ScoredTrajectory } from '../../core/trajectory.ts';

/** Writes sessions into a run folder as ordinary trajectories, in the order in which they ended. */
export interface SessionRecord {
  /** How many sessions a task has had in a split, those of an earlier server on this folder included. */
  readonly nextRepetition: (phase: string, task: string) => number;
  readonly keep: (scored: ScoredTrajectory, system: string) => void;
  readonly counts: () => { readonly recorded: number; readonly void: number };
  /** Further timings are of what else took time. */
  readonly close: (further?: readonly Timing[]) => void;
}

/** `clock` gives milliseconds, for `timings.jsonl` only. Throws `UsageError`. */
export function openSessionRecord(folder: string, job: Job, clock: () => number): SessionRecord {
  const repetitions = new Map<string, number>();
  const hashes = openLineHashes(folder);
  hashes.unseal();
  const open = (name: HashedFile, keyOf: (value: unknown) => string) =>
    hashes.of(name, openLineFile(join(folder, name), keyOf));
  const trajectories = open('trajectories.jsonl', (value) => {
    const { key } = value as { readonly key: EpisodeKey };
    const group = `${key.phase} ${key.task}`;
    repetitions.set(group, Math.max(repetitions.get(group) ?? 0, key.repetition + 1));
    return keyText(key);
  });
  const systems = open('systems.jsonl', (value) => (value as { hash: string }).hash);
  const timings = openLineLog(join(folder, 'timings.jsonl'));
  const started = clock();
  const counted = new Map<string, number>();
  let voids = 0;
  return {
    nextRepetition: (phase, task) => {
      const group = `${phase} ${task}`;
      const repetition = repetitions.get(group) ?? 0;
      repetitions.set(group, repetition + 1);
      return repetition;
    },
    keep: (scored, system) => {
      const { key, outcome } = scored;
      systems.append(scored.system, JSON.stringify({ hash: scored.system, text: system }));
      trajectories.append(keyText(key), JSON.stringify(scored));
      counted.set(key.phase, (counted.get(key.phase) ?? 0) + 1);
      if (outcome.kind === 'failed') voids++;
    },
    counts: () => ({ recorded: [...counted.values()].reduce((sum, count) => sum + count, 0), void: voids }),
    close: (further = []) => {
      const seconds = (clock() - started) / 1000;
      const phases = [...counted].map(([phase, episodes]): Timing => ({ job: job.name, phase, episodes, seconds }));
      for (const timing of [...phases, ...further]) timings.append(JSON.stringify(timing));
      hashes.seal();
      for (const file of [trajectories, systems, timings, hashes]) file.close();
    },
  };
}
