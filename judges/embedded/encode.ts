import type { Trajectory } from '../../core/trajectory.ts';
import { clausesIn } from './clauses.ts';
import { mentionsIn, type Mentions } from './mentions.ts';
import { matching } from './matching.ts';
import { readTrajectory, type ReadTrajectory } from './record.ts';
import { reading } from './reading.ts';
import { deedNumbers, sentenceIn, speechNumbers, type Sentence } from './speech.ts';
import { vectorOf, vectorSize } from './vectors.ts';
import { wordBag, type WordBag } from './words.ts';

/** A trajectory as the network gets it, made once for all criteria that are asked of it. */
export interface EncodedTrajectory {
  readonly read: ReadTrajectory;
  readonly shared: Float32Array;
}

/** A clause of a criterion as the network gets it. */
export interface EncodedClause {
  readonly own: Float32Array;
  readonly words: WordBag;
  readonly vector: Float32Array;
}

/** The clauses of a criterion, all of which must hold. */
export type EncodedCriterion = readonly EncodedClause[];

/** Whole SIMD registers. */
const padded = (numbers: Readonly<Record<string, number>>): Float32Array => {
  const values = Object.values(numbers);
  const array = new Float32Array((values.length + 3) & ~3);
  array.set(values);
  return array;
};

interface WholeReading {
  readonly read: ReadTrajectory;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Training asks the same trajectories again and again. */
const trajectories = new WeakMap<Trajectory, WholeReading>();

function readWhole(trajectory: Trajectory): WholeReading {
  const read = readTrajectory(trajectory);
  return { read, numbers: { ...reading(read), ...deedNumbers(read) } };
}

/** All criteria are read together: what the one asked about leaves out, e.g. which calls are meant, another may say. */
export function encodeTrajectory(trajectory: Trajectory, rubric: Mentions): EncodedTrajectory {
  const found = trajectories.get(trajectory) ?? readWhole(trajectory);
  trajectories.set(trajectory, found);
  return { read: found.read, shared: padded({ ...found.numbers, ...matching(rubric, found.read) }) };
}

/** Which words training leaves out by lot, so that nothing hangs on single ones. */
export interface Blur {
  readonly ofBag: () => boolean;
  readonly ofVector: () => boolean;
}

export const encodeCriterion = (read: ReadTrajectory, text: string, kept?: Blur): EncodedCriterion =>
  clausesIn(text).map((clause) => {
    const found = textOf(clause);
    return {
      own: padded(ownOf(read, found)),
      words: kept ? wordBag(clause, kept.ofBag) : found.words,
      vector: vectorOf(clause, kept?.ofVector),
    };
  });

const ownOf = (read: ReadTrajectory, { mentions, sentence }: Omit<Text, 'words'>) => ({
  ...matching(mentions, read),
  ...speechNumbers(sentence, read),
});

interface Text {
  readonly mentions: Mentions;
  readonly sentence: Sentence;
  readonly words: WordBag;
}

/** Texts come again with each trajectory of a task. */
const known = new Map<string, Text>();

function textOf(text: string): Text {
  let found = known.get(text);
  if (!found) {
    if (known.size > 4096) known.clear();
    found = { mentions: mentionsIn([text]), sentence: sentenceIn(text), words: wordBag(text) };
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
export const sharedNames = Object.keys({
  ...reading(nothing),
  ...deedNumbers(nothing),
  ...matching(mentionsIn([]), nothing),
});
export const ownNames = Object.keys(ownOf(nothing, { mentions: mentionsIn([]), sentence: sentenceIn('') }));

export { vectorSize };
