import { causes, type Cause, type Verdict } from '../../core/reward-types.ts';
import type { Outcome } from './answer.ts';

/** An outcome as a verdict. */
export function verdictOf(criterion: string, outcome: Outcome | undefined, position: number | null): Verdict {
  const place = position === null ? {} : { position };
  if (outcome === undefined) return { criterion, state: 'unscored', reason: 'the judge was not asked', ...place };
  if ('score' in outcome) return { criterion, state: 'scored', score: outcome.score, ...place };
  return { criterion, state: 'unscored', reason: outcome.reason, cause: outcome.cause, ...place };
}

/**
 * Several votes as one verdict that keeps them: their mean, where more than half of them are scored; else unscored, with
 * the cause that is most frequent. Votes without a score are in no mean, and the reason counts them.
 */
export function mergeVotes(criterion: string, votes: readonly Verdict[]): Verdict {
  const [first, ...more] = votes;
  if (first === undefined) return { criterion, state: 'unscored', reason: 'the judge was not asked' };
  if (more.length === 0) return first;
  const scores = votes.flatMap((one) => (one.state === 'scored' ? [one.score] : []));
  if (2 * scores.length > votes.length) {
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return { criterion, state: 'scored', score: Math.round(1e6 * mean) / 1e6, votes };
  }
  const unscored = votes.flatMap((one) => (one.state === 'unscored' ? [one] : []));
  const cause = causes
    .map((one) => ({ one, count: unscored.filter((vote) => vote.cause === one).length }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)[0]?.one;
  const reason = `only ${scores.length} of ${votes.length} votes have a score: ${unscored[0]?.reason}`;
  return { criterion, state: 'unscored', reason, votes, ...withCause(cause) };
}

const withCause = (cause: Cause | undefined) => (cause === undefined ? {} : { cause });
