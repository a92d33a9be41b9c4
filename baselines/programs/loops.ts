import type { Json } from '../../core/json.ts';
import type { PlannedCall, Reference, ResultStep } from '../../core/plan.ts';
import type { Path } from './value-code.ts';

/** A call of a plan, and its place there. */
export interface NumberedCall extends PlannedCall {
  readonly place: number;
}

/** Where an argument comes from. */
export type Origin =
  /** What an earlier call returned, of this or an earlier program, or of the same round of the loop. */
  | { readonly kind: 'result'; readonly reference: Reference }
  /** The item of the list over which a loop goes; `at` leads on from there. */
  | { readonly kind: 'item'; readonly reference: Reference; readonly at: readonly ResultStep[] }
  /** One of the values that are written down for each round. */
  | { readonly kind: 'given'; readonly values: readonly Json[] };

/** Calls that are the same again and again, but for some arguments. */
export interface Loop {
  /** The calls of the first round. */
  readonly round: readonly NumberedCall[];
  readonly rounds: number;
  /** Of all arguments of the round that are not the same in every round, or are taken from a result. */
  readonly origins: readonly { readonly place: number; readonly argument: Path; readonly origin: Origin }[];
  /** The list that it goes over, and from which item on; absent where values are written down. */
  readonly list?: { readonly reference: Reference; readonly at: readonly ResultStep[]; readonly first: number };
}

/** The reference that gives an argument, if what it is taken from is known by then. */
export type ReferenceOf = (call: number, argument: Path) => Reference | undefined;

/** Whether nothing has to be chosen on the way: of several items a program would have to know which. */
export const isSure = (at: readonly ResultStep[]): boolean => at.every((step) => !isItem(step) || step.of === 1);

/** More calls in a round are seldom anything but chance. */
const mostCallsOfRound = 6;

/** The loop that the most of the next calls are; undefined where none begins here, or a longer one within it. */
export function loopAt(calls: readonly NumberedCall[], referenceOf: ReferenceOf): Loop | undefined {
  const loop = longestAt(calls, referenceOf);
  if (!loop) return undefined;
  const starts = Array.from({ length: Math.min(mostCallsOfRound, sizeOf(loop) - 1) }, (_, index) => index + 1);
  const later = starts.map((start) => longestAt(calls.slice(start), referenceOf));
  return later.some((other) => other && sizeOf(other) > sizeOf(loop)) ? undefined : loop;
}

export const sizeOf = ({ round, rounds }: Loop): number => round.length * rounds;

function longestAt(calls: readonly NumberedCall[], referenceOf: ReferenceOf): Loop | undefined {
  let best: Loop | undefined;
  for (let length = 1; length <= Math.min(mostCallsOfRound, calls.length / 2); length++) {
    let rounds = 1;
    while (isRound(calls, length, rounds)) rounds++;
    if (rounds === 1 || (best && rounds * length <= sizeOf(best))) continue;
    best = loopOf(calls.slice(0, rounds * length), length, referenceOf) ?? best;
  }
  return best;
}

/** Whether the calls of a round are of the same tools as those of the first. */
const isRound = (calls: readonly NumberedCall[], length: number, round: number): boolean =>
  calls.slice(0, length).every(({ server, tool }, offset) => {
    const other = calls[round * length + offset];
    return other?.server === server && other.tool === tool;
  });

/** Undefined where all rounds are equal: to say a thing twice is no loop. */
function loopOf(calls: readonly NumberedCall[], length: number, referenceOf: ReferenceOf): Loop | undefined {
  const round = calls.slice(0, length);
  const found = round.flatMap((call, offset) => {
    const all = calls.filter((_, index) => index % length === offset);
    return leavesOf(all.map((one) => one.arguments)).map(({ argument, values }) => {
      const references = all.map(({ place }) => referenceOf(place, argument));
      return { place: call.place, argument, values, origin: originOf(references, round, values) };
    });
  });
  const isGiven = ({ origin, values }: (typeof found)[number]) =>
    !origin && values.some((one) => !same(one, values[0]));
  // What is written down for each round needs no list beside it.
  const list = found.some(isGiven) ? undefined : listOf(found, calls, length);
  const origins = found.flatMap(({ values, origin, ...where }) => {
    const usable = origin?.kind === 'items' ? (list ? itemOf(origin) : undefined) : origin;
    const isSame = values.every((one) => same(one, values[0]));
    return usable || !isSame ? [{ ...where, origin: usable ?? { kind: 'given' as const, values } }] : [];
  });
  if (origins.every(({ origin }) => origin.kind === 'result')) return undefined;
  return { round, rounds: calls.length / length, origins, ...(list ? { list } : {}) };
}

/** Items of one list, an item a round, that `position` of the way to them tells apart. */
interface Items {
  readonly kind: 'items';
  readonly references: readonly [Reference, ...Reference[]];
  readonly position: number;
}

const itemOf = ({ references: [reference], position }: Items): Origin => ({
  kind: 'item',
  reference,
  at: reference.at.slice(position + 1),
});

function originOf(
  references: readonly (Reference | undefined)[],
  round: readonly NumberedCall[],
  values: readonly Json[],
): Origin | Items | undefined {
  const all = references.filter((one) => one !== undefined);
  const [first, ...others] = all;
  if (first === undefined || all.length < values.length) return undefined;
  const start = round[0]?.place ?? 0;
  const roundOf = ({ from }: Reference) => Math.floor((from - start) / round.length);
  const isAlike = (one: Reference) => same(one.pattern, first.pattern) && one.before === first.before;
  if (!others.every(isAlike)) return undefined;
  if (first.from >= start) {
    const isOwn = (one: Reference, index: number) =>
      roundOf(one) === index && one.from - index * round.length === first.from && same(one.at, first.at);
    return isSure(first.at) && all.every(isOwn) ? { kind: 'result', reference: first } : undefined;
  }
  if (others.some(({ from }) => from !== first.from)) return undefined;
  if (others.every(({ at }) => same(at, first.at)))
    return isSure(first.at) ? { kind: 'result', reference: first } : undefined;
  const position = first.at.findIndex((step, index) => others.some(({ at }) => !same(at[index], step)));
  const isOfList = ({ at }: Reference) =>
    isItem(at[position]) &&
    isSure(at.toSpliced(position, 1)) &&
    same(at.toSpliced(position, 1), first.at.toSpliced(position, 1));
  return all.every(isOfList) ? { kind: 'items', references: [first, ...others], position } : undefined;
}

/** The list whose items all rounds take, if they are neighbours there, each is taken once, and their order does not matter. */
function listOf(
  found: readonly { readonly origin: Origin | Items | undefined }[],
  calls: readonly NumberedCall[],
  length: number,
): Loop['list'] {
  const lists = found.flatMap(({ origin }) => (origin?.kind === 'items' ? [origin] : []));
  const [first] = lists;
  if (!first) return undefined;
  const {
    references: [reference],
    position,
  } = first;
  const at = reference.at.slice(0, position);
  const itemsOf = (one: Items) => one.references.map((each) => itemAt(each.at[one.position]));
  const items = itemsOf(first);
  const isOne = (one: Items) =>
    one.references[0].from === reference.from &&
    same(one.references[0].at.slice(0, one.position), at) &&
    same(itemsOf(one), items);
  const least = Math.min(...items);
  const inOrder = items.every((item, index) => item === least + index);
  const start = calls[0]?.place ?? 0;
  const isApart = calls.every(({ after }, index) =>
    after.every((other) => other < start || Math.floor((other - start) / length) === Math.floor(index / length)),
  );
  const isWhole = new Set(items).size === items.length && Math.max(...items) === least + items.length - 1;
  return lists.every(isOne) && isWhole && (inOrder || isApart) ? { reference, at, first: least } : undefined;
}

const isItem = (step: ResultStep | undefined): step is { readonly item: number; readonly of: number } =>
  typeof step === 'object' && 'item' in step;

const itemAt = (step: ResultStep | undefined): number => (isItem(step) ? step.item : -1);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What values of one form hold, one by one, as far as their forms are the same. */
function leavesOf(
  values: readonly Json[],
  argument: Path = [],
): { readonly argument: Path; readonly values: readonly Json[] }[] {
  const keys = keysOf(values[0]);
  if (
    keys.length === 0 ||
    !values.every((one) => same(keysOf(one), keys) && Array.isArray(one) === Array.isArray(values[0]))
  )
    return [{ argument, values }];
  return keys.flatMap((key) =>
    leavesOf(
      values.map((one) => (one as Readonly<Record<string | number, Json>>)[key] as Json),
      [...argument, key],
    ),
  );
}

const keysOf = (value: Json | undefined): (string | number)[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? [...value.keys()] : Object.keys(value);
};
