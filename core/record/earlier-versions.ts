import type { Call, ScoredTrajectory, Turn } from '../trajectory.ts';

/** A turn of version 1: its one call stood in the turn itself. */
type EarlierTurn = Omit<Turn, 'calls'> & Call;

/** A trajectory as it is written today, of one that was written by any version. Throws `TypeError` for one of none. */
export function currentTrajectory(record: object): ScoredTrajectory {
  const { version, turns } = record as { readonly version?: unknown; readonly turns?: unknown };
  if (!Array.isArray(turns)) throw new TypeError('it has no list of turns');
  if (version === 2) return record as ScoredTrajectory;
  if (version !== 1) throw new TypeError(`its version is ${JSON.stringify(version)}; this Toolstone reads 1 and 2`);
  const current = (turns as readonly EarlierTurn[]).map(currentTurn);
  return { ...(record as ScoredTrajectory), version: 2, turns: current };
}

const currentTurn = ({ action, observation, event, ...turn }: EarlierTurn): Turn => ({
  calls: [{ action, observation, event }],
  ...turn,
});
