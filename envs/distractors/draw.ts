import { UsageError } from '../../core/errors.ts';
import { seedOf } from '../../core/seeds.ts';
import type { DistractorRequest } from './request.ts';

/** A server that may be drawn. */
export interface Candidate {
  readonly name: string;
  /** Like one of the task's own servers: of the same kind, or with a tool of the same name. */
  readonly isNear: boolean;
  /** All candidates of a lower rank are drawn before. */
  readonly rank: number;
  /** Number of its tools; asked for once it is drawn. */
  readonly tools: () => number;
}

export type DrawRequest = Pick<DistractorRequest, 'tools' | 'near' | 'seed'>;

/**
 * Draws whole servers until there are `tools` tools with the `ownTools` of the task. Each server has a place in one order that
 * the seed and its name decide, so that a smaller set is the beginning of a larger one, and a server that is added to the pool
 * moves no other.
 * @throws UsageError where there are not so many tools, or not so many of near servers.
 */
export function draw(candidates: readonly Candidate[], ownTools: number, request: DrawRequest): readonly Candidate[] {
  const { tools, near, seed } = request;
  const inOrder = [...candidates].sort((a, b) => a.rank - b.rank || placeOf(seed, a.name) - placeOf(seed, b.name));
  const like = inOrder.filter(({ isNear }) => isNear);
  const others = near === undefined ? inOrder : inOrder.filter(({ isNear }) => !isNear);
  const drawn: Candidate[] = [];
  let [nearTools, allTools] = [0, 0];
  while (ownTools + allTools < tools) {
    const isNearsTurn = near !== undefined && near > 0 && nearTools <= near * allTools;
    const next = (isNearsTurn ? like : others).shift();
    if (!next) throw tooMany(candidates, ownTools, request, isNearsTurn);
    drawn.push(next);
    allTools += next.tools();
    if (next.isNear) nearTools += next.tools();
  }
  return drawn;
}

/** Where a server stands among those drawn. */
const placeOf = (seed: number, name: string): number => seedOf('distractor', seed, name);

/** Own servers and distractors mixed, in an order that keeps where another server is added. */
export const mixed = (servers: readonly string[], seed: number): string[] =>
  [...servers].sort((a, b) => seedOf('place', seed, a) - seedOf('place', seed, b));

function tooMany(
  candidates: readonly Candidate[],
  ownTools: number,
  { tools, near = 0 }: DrawRequest,
  isForNear: boolean,
): UsageError {
  const sum = (some: readonly Candidate[]) => some.reduce((total, one) => total + one.tools(), 0);
  const most = ownTools + sum(candidates);
  if (tools > most)
    return new UsageError(
      `--tools asks for ${tools} tools, and there are ${most} at most, the ${ownTools} of the task's own servers included. Give that or fewer.`,
    );
  const like = sum(candidates.filter(({ isNear }) => isNear));
  const what = isForNear
    ? `servers like the task's own have ${like} tools, fewer than this share of the others`
    : `all other servers have ${most - ownTools - like} tools, fewer than the rest`;
  return new UsageError(
    `--tools ${tools}?near=${near} cannot be had: ${what}. Ask for fewer tools or a ${isForNear ? 'smaller' : 'larger'} share.`,
  );
}
