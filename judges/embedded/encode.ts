import type { Trajectory } from '../../core/trajectory.ts';
import { mentionsIn, type Mentions } from './mentions.ts';
import { matching } from './matching.ts';
import { readTrajectory, type ReadTrajectory } from './record.ts';
import { reading } from './reading.ts';
import { wordBag, type WordBag } from './words.ts';

/** A trajectory as the network gets it, made once for all criteria that are asked of it. */
export interface EncodedTrajectory {
  readonly read: ReadTrajectory;
  readonly shared: Float32Array;
}

export interface EncodedCriterion {
  readonly own: Float32Array;
  readonly words: WordBag;
}

/** Whole SIMD registers. */
const padded = (numbers: Readonly<Record<string, number>>): Float32Array => {
  const values = Object.values(numbers);
  const array = new Float32Array((values.length + 3) & ~3);
  array.set(values);
  return array;
};

/** All criteria are read together: what the one asked about leaves out, e.g. which calls are meant, another may say. */
export function encodeTrajectory(trajectory: Trajectory, rubric: Mentions): EncodedTrajectory {
  const read = readTrajectory(trajectory);
  return { read, shared: padded({ ...reading(read), ...matching(rubric, read) }) };
}

export const encodeCriterion = (read: ReadTrajectory, text: string, words = wordBag(text)): EncodedCriterion => ({
  own: padded(matching(mentionsOf(text), read)),
  words,
});

/** Texts come again with each trajectory of a task. */
const known = new Map<string, Mentions>();

function mentionsOf(text: string): Mentions {
  let found = known.get(text);
  if (!found) {
    if (known.size > 4096) known.clear();
    found = mentionsIn([text]);
    known.set(text, found);
  }
  return found;
}

const nothing = readTrajectory({
  prompt: '',
  turns: [],
  outcome: { kind: 'terminated', answer: '' },
  view: 'tool',
} as unknown as Trajectory);

/** Names of all numbers, in order: weights fit a network of the same names alone. */
export const sharedNames = Object.keys({ ...reading(nothing), ...matching(mentionsIn([]), nothing) });
export const ownNames = Object.keys(matching(mentionsIn([]), nothing));
