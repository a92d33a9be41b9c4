import { compareFacts, flatten } from '../../core/facts.ts';
import type { Goal } from '../../core/goal-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { assign } from './argument-match.ts';
import { passes } from './text-test.ts';

type StateGoal = Extract<Goal, { readonly kind: 'state' }>;

/** What stands for the answer among the places of a goal. */
const answerPlace = 'the final answer';

/** Where a goal asks for something: servers by name in order, then the answer. */
export function placesOf(initial: Task['initial'], goal: StateGoal): string[] {
  const { additions, removals } = compareFacts(initial, goal.expected, initial);
  const servers = new Set([...additions, ...removals].map(serverOf));
  return [...[...servers].sort(), ...(goal.answer === null ? [] : [answerPlace])];
}

/** What came of a goal that is an end state, by goal, start, end and prompt alone: no plan is looked at. Shares are in 0..1. */
export interface Outcome {
  /** Of the places where something was asked for: the share of those where any of it is right, and of those where all of it is. */
  readonly placesReached: number;
  readonly placesComplete: number;
  /** Changes that nobody asked for: on servers where nothing was, and new things anywhere. */
  readonly changedElsewhere: number;
  readonly madeUp: number;
  /** Share right of what was asked for and the prompt does not spell out; `null`: it spells out all. */
  readonly found: number | null;
  /** Mean over what was asked for of the share of its parts (names, places, texts, numbers) that is right in what comes nearest. */
  readonly partsRight: number;
  /** Share of what was asked for that is there at least by its name or place. */
  readonly named: number;
}

/** One thing that was asked for, and what of it is there. */
interface Asked {
  readonly place: string;
  readonly isRight: boolean;
  readonly isSpeltOut: boolean;
  readonly partsRight: number;
  readonly isNamed: boolean;
}

/** `null` where the goal is checks, which say nothing of the rest of the world. */
export function outcomeOf(task: Task, trajectory: Trajectory): Outcome | null {
  const { goal, initial } = task;
  if (goal.kind !== 'state') return null;
  const { outcome, evidence, overflow } = trajectory;
  // The end of a damaged world is not known, and nobody acted before an overflow: nothing came of it.
  const isUnknown = overflow !== undefined || (outcome.kind === 'truncated' && outcome.cause === 'damage');
  const end = isUnknown ? initial : evidence;
  const { additions, removals, strayAdded, strayRemoved } = compareFacts(initial, goal.expected, end);
  const asked = [
    ...additionsIn(additions, strayAdded, flatten(end), task.prompt),
    ...removals.map((one): Asked => whole(serverOf(one), !flatten(end).has(one))),
    ...(goal.answer === null
      ? []
      : [{ ...whole(answerPlace, isAnswered(goal, trajectory)), isSpeltOut: task.prompt.includes(task.answer) }]),
  ];
  const places = new Map(placesOf(initial, goal).map((place) => [place, asked.filter((one) => one.place === place)]));
  const hidden = asked.filter(({ isSpeltOut }) => !isSpeltOut);
  return {
    placesReached: share([...places.values()].map((all) => all.some(({ isRight }) => isRight))),
    placesComplete: share([...places.values()].map((all) => all.every(({ isRight }) => isRight))),
    changedElsewhere: [...strayAdded, ...strayRemoved].filter((one) => !places.has(serverOf(one))).length,
    madeUp: strayAdded.length,
    found: hidden.length === 0 ? null : share(hidden.map(({ isRight }) => isRight)),
    partsRight: mean(asked.map(({ partsRight }) => partsRight)),
    named: share(asked.map(({ isNamed }) => isNamed)),
  };
}

/** Facts to come, each beside what is new and comes nearest to it: of the same server and kind, each counted once. */
function additionsIn(
  additions: readonly string[],
  strayAdded: readonly string[],
  now: ReadonlySet<string>,
  prompt: string,
): Asked[] {
  const made = additions.filter((one) => now.has(one));
  const found = [...made, ...strayAdded];
  const pairs = assign(additions.map((one) => found.map((other) => nearness(one, other))));
  return additions.map((one, index) => {
    const nearest = found[pairs[index] ?? -1];
    const [kind, name = ''] = partsOf(one);
    return {
      place: serverOf(one),
      isRight: now.has(one),
      isSpeltOut: partsOf(one)
        .slice(1)
        .every((part) => prompt.includes(part)),
      partsRight: nearest === undefined ? 0 : nearness(one, nearest),
      isNamed: nearest !== undefined && partsOf(nearest)[0] === kind && partsOf(nearest)[1] === name,
    };
  });
}

/** Share of a fact's parts, without its kind, that stand in the same place of another; 0 for one of another server or kind. */
function nearness(one: string, other: string): number {
  if (one === other) return 1;
  const [wanted, given] = [partsOf(one), partsOf(other)];
  if (serverOf(one) !== serverOf(other) || wanted[0] !== given[0] || wanted.length === 1) return 0;
  return share(wanted.slice(1).map((part, index) => part === given[index + 1]));
}

/** Something that is there wholly or not at all, and that the prompt asks for by its name. */
const whole = (place: string, isRight: boolean): Asked => ({
  place,
  isRight,
  isSpeltOut: true,
  partsRight: Number(isRight),
  isNamed: isRight,
});

const isAnswered = ({ answer }: StateGoal, { outcome }: Trajectory): boolean =>
  answer !== null && outcome.kind === 'terminated' && passes(answer, outcome.answer, 'exact');

const serverOf = (flattened: string): string => flattened.slice(0, flattened.indexOf(' '));
const partsOf = (flattened: string): string[] => JSON.parse(flattened.slice(flattened.indexOf(' ') + 1)) as string[];
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 1 : values.reduce((sum, one) => sum + one, 0) / values.length;
const share = (flags: readonly boolean[]): number => mean(flags.map(Number));
