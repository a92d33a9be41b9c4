import { UsageError } from '../../core/errors.ts';
import type { Candidate, CandidateKind, DrawRequest } from './candidate.ts';
import type { ToolShare } from './request.ts';

/**
 * Why a draw failed for want of servers of one kind, and what can be had: as many tools as there are, or the nearest share.
 * `canHave` says of another share whether the same draw succeeds with it.
 */
export function refusalOf(
  candidates: readonly Candidate[],
  ownTools: number,
  { tools, share }: DrawRequest,
  ranOut: CandidateKind,
  canHave: (share: number) => boolean,
): UsageError {
  const most = ownTools + sumOf(candidates, 'tools');
  if (tools > most || !share)
    return new UsageError(
      `--tools asks for ${tools} tools, and there are ${most} at most, the ${ownTools} of the task's own servers included. Give that or fewer.`,
    );
  const nearest = otherShares(share.part, ranOut).find(canHave);
  const [asked, bound] = [`${share.kind}=${share.part}`, ranOut === 'raising' ? 'at most' : 'at least'];
  const cure = nearest === undefined ? '' : `${share.kind}=${nearest} ${bound}, or `;
  return new UsageError(
    `--tools ${tools}?${asked} cannot be had: ${whatThereIs(candidates, share, ranOut)}. Ask for ${cure}fewer tools.`,
  );
}

/** Shares below one that is too large, or above one that is too small, in thousandths, the nearest first. */
function otherShares(share: number, ranOut: CandidateKind): readonly number[] {
  const all = Array.from({ length: 1001 }, (_, index) => index / 1000);
  return ranOut === 'raising' ? all.filter((one) => one < share).toReversed() : all.filter((one) => one > share);
}

function whatThereIs(candidates: readonly Candidate[], { kind }: ToolShare, ranOut: CandidateKind): string {
  const some = candidates.filter(({ counted }) => counted() > 0);
  const counted = sumOf(some, 'counted');
  if (kind === 'clash')
    return (
      `${counted} tools of other servers are called like one of the task's own; these servers have ${sumOf(some, 'tools')} ` +
      `tools, and the rest ${sumOf(candidates, 'tools') - sumOf(some, 'tools')}`
    );
  return ranOut === 'raising'
    ? `servers like the task's own have ${counted} tools, fewer than this share of the others`
    : `all other servers have ${sumOf(candidates, 'tools') - counted} tools, fewer than the rest`;
}

const sumOf = (some: readonly Candidate[], what: 'tools' | 'counted'): number =>
  some.reduce((sum, one) => sum + one[what](), 0);
