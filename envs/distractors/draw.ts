import { seedOf } from '../../core/seeds.ts';
import type { Candidate, CandidateKind, DrawRequest } from './candidate.ts';
import { refusalOf } from './refusal.ts';

/**
 * Draws whole servers until there are `tools` tools with the `ownTools` of the task. Each server has a place in one order that
 * the seed and its name decide, so that a smaller set is the beginning of a larger one, and a server that is added to the pool
 * moves no other. A share of the drawn tools is met but for the tools of one server.
 * @throws UsageError where there are not so many tools, or not with this share.
 */
export function draw(candidates: readonly Candidate[], ownTools: number, request: DrawRequest): readonly Candidate[] {
  const { tools, share, seed } = request;
  const inOrder = candidates
    .map((one) => ({ one, place: seedOf('distractor', seed, one.name) }))
    .sort((a, b) => a.one.rank - b.one.rank || a.place - b.place)
    .map(({ one }) => one);
  const attempt = (part: number | undefined) => drawInOrder(inOrder, tools - ownTools, part);
  const { drawn, ranOut } = attempt(share?.part);
  if (!ranOut) return drawn;
  throw refusalOf(candidates, ownTools, request, ranOut, (part) => attempt(part).ranOut === undefined);
}

interface Attempt {
  readonly drawn: readonly Candidate[];
  /** Which servers there were too few of; absent where the draw succeeded. */
  readonly ranOut?: CandidateKind;
}

/** Whenever the share is not exceeded, the next server is one that raises it or keeps it, and else one that lowers it. */
function drawInOrder(inOrder: readonly Candidate[], tools: number, share: number | undefined): Attempt {
  const kindOf = (one: Candidate): CandidateKind =>
    share !== undefined && isRaising(one, share) ? 'raising' : 'lowering';
  const left: Record<CandidateKind, Candidate[]> = { raising: [], lowering: [] };
  for (const one of inOrder) left[kindOf(one)].push(one);
  const drawn: Candidate[] = [];
  let [countedTools, allTools] = [0, 0];
  while (allTools < tools) {
    const kind: CandidateKind = share && countedTools <= share * allTools ? 'raising' : 'lowering';
    const next = left[kind].shift();
    if (!next) return { drawn, ranOut: kind };
    drawn.push(next);
    allTools += next.tools();
    if (share) countedTools += next.counted();
  }
  return { drawn };
}

const isRaising = ({ tools, counted }: Candidate, share: number): boolean =>
  counted() > 0 && counted() >= share * tools();

/** Own servers and distractors mixed, in an order that keeps where another server is added. */
export const mixed = (servers: readonly string[], seed: number): string[] =>
  [...servers].sort((a, b) => seedOf('place', seed, a) - seedOf('place', seed, b));
