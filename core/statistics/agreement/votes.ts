import { sampleVariance } from 'simple-statistics';
import type { OfTask } from '../clustered.ts';

/** What one judge said of the same thing, asked again and again; `null` where it gave no usable answer. */
export interface Ballot extends OfTask {
  readonly votes: readonly (number | null)[];
}

/** Share of pairs of votes on the same thing that decide alike at the threshold; `null` where nothing has two votes. */
export function selfConsistency(ballots: readonly Ballot[], threshold = 0.5): number | null {
  let [alike, pairs] = [0, 0];
  for (const ballot of ballots) {
    const votes = castOf(ballot);
    const yes = votes.filter((vote) => vote >= threshold).length;
    const no = votes.length - yes;
    alike += yes * (yes - 1) + no * (no - 1);
    pairs += votes.length * (votes.length - 1);
  }
  return pairs === 0 ? null : alike / pairs;
}

/** A vote with the place at which the thing was shown among others. */
export interface PlacedBallot extends OfTask {
  readonly votes: readonly { readonly score: number; readonly position: number }[];
}

/** Share of pairs of votes on the same thing at different places that decide differently; `null` without such pairs. */
export function positionFlips(ballots: readonly PlacedBallot[], threshold = 0.5): number | null {
  let [flips, pairs] = [0, 0];
  for (const { votes } of ballots) {
    votes.forEach((one, index) => {
      for (const other of votes.slice(index + 1)) {
        if (one.position === other.position) continue;
        pairs += 1;
        flips += Number(one.score >= threshold !== other.score >= threshold);
      }
    });
  }
  return pairs === 0 ? null : flips / pairs;
}

/** Share of things with two votes or more of which all decide alike. */
export function unanimousShare(ballots: readonly Ballot[], threshold = 0.5): number | null {
  const repeated = ballots.map(castOf).filter((votes) => votes.length > 1);
  if (repeated.length === 0) return null;
  const unanimous = repeated.filter((votes) => new Set(votes.map((vote) => vote >= threshold)).size === 1);
  return unanimous.length / repeated.length;
}

/** Mean sample variance of the scores of the same thing: the judge's own noise, in squared units of the score. */
export function voteVariance(ballots: readonly Ballot[]): number | null {
  const repeated = ballots.map(castOf).filter((votes) => votes.length > 1);
  if (repeated.length === 0) return null;
  return repeated.reduce((sum, votes) => sum + sampleVariance(votes), 0) / repeated.length;
}

const castOf = ({ votes }: Ballot): number[] => votes.filter((vote) => vote !== null);
