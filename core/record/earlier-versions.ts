import { UsageError } from '../errors.ts';
import { usualRubric } from '../rubric-kinds.ts';
import type { Manifest, TrainingJudge } from '../run-types.ts';
import { keyText, type Call, type ScoredTrajectory, type Turn } from '../trajectory.ts';

/** A turn of version 1: its one call stood in the turn itself. */
type EarlierTurn = Omit<Turn, 'calls'> & Call;

/**
 * A trajectory as it is written today, of one that was written by any version. Throws `TypeError` for one of none, and
 * `UsageError` for one of a later version, which is no broken line.
 */
export function currentTrajectory(value: unknown): ScoredTrajectory {
  if (typeof value !== 'object' || value === null) throw new TypeError('it is no object');
  const record = value as ScoredTrajectory;
  const version: unknown = record.version;
  const turns: unknown = record.turns;
  if (typeof version === 'number' && version > 2) {
    const what =
      typeof record.key === 'object' && (record.key as unknown) !== null
        ? `record of ${keyText(record.key)}`
        : 'record';
    throw new UsageError(
      `The ${what} is of version ${version}, and this Toolstone reads versions 1 and 2. ` +
        'Read the run with the Toolstone that wrote it, or a later one.',
    );
  }
  if (version !== 1 && version !== 2) throw new TypeError(`its version is ${JSON.stringify(version)}, not 1 or 2`);
  if (!Array.isArray(turns)) throw new TypeError('it has no list of turns');
  if (version === 2) return record;
  return { ...record, version: 2, turns: (turns as readonly EarlierTurn[]).map(currentTurn) };
}

function currentTurn(earlier: EarlierTurn | null): Turn {
  if (typeof earlier !== 'object' || earlier === null) throw new TypeError('it has a turn that is no object');
  const { action, observation, event, ...turn } = earlier;
  return { calls: [{ action, observation, event }], ...turn };
}

/** A manifest as it is written today: what was called `own` is the rubric that is usual for the suite. */
export function currentManifest(manifest: Manifest): Manifest {
  const { suite, rejudged, rewardJudges, jobs } = manifest;
  const current = <T extends { readonly rubric: unknown }>(use: T): T =>
    use.rubric === 'own' ? { ...use, rubric: usualRubric(suite) } : use;
  return {
    ...manifest,
    ...(rejudged ? { rejudged: current(rejudged) } : {}),
    ...(rewardJudges
      ? { rewardJudges: rewardJudges.map((one) => ({ ...current(one), asked: currentAsked(one.asked) })) }
      : {}),
    jobs: jobs.map((job) =>
      job.training?.judge ? { ...job, training: { ...job.training, judge: currentAsked(job.training.judge) } } : job,
    ),
  };
}

function currentAsked(asked: TrainingJudge): TrainingJudge {
  const { rubric, ...rest } = asked;
  return (rubric as string | undefined) === 'own' ? rest : asked;
}
