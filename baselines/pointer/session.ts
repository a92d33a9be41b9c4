import { randomStream, type RandomStream } from '../../core/seeds.ts';
import type { RememberedChoice } from '../learning/trainable.ts';
import type { Decision, EpisodeStart, Observation, PolicySession } from '../../core/types.ts';
import { actionOf, chooseFurther, rememberBatch, type Batch } from './batch.ts';
import type { Choosing } from './choose-call.ts';
import { decide } from './decide.ts';
import { situationNumbers } from './heads.ts';
import { noteSearch } from './memory.ts';
import type { Choose, Network, Question } from './network.ts';
import type { Reader, Situation } from './situation.ts';

/** One choice of an episode, as the learner needs it. */
export interface Choice extends RememberedChoice {
  readonly question: Question;
  readonly chosen: number;
}

export type Sampling = 'sample' | 'greedy';

/** A pointer session remembers its choices in order; other policies' sessions are no `PointerSession`. */
export interface PointerSession extends PolicySession {
  readonly choices: readonly Choice[];
  /** Situation before each turn, in numbers. */
  readonly states: readonly Float32Array[];
  /** Of a session that follows a teacher: whether the policy could have done all that the teacher did. */
  readonly isWithinReach?: () => boolean;
}

interface Chooser {
  readonly choose: (question: Question) => number;
  /** Summed log-probability of the choices since the last call. */
  readonly takeLogProbability: () => number;
}

export function startSession(
  network: Network,
  reader: Reader,
  sampling: Sampling,
  episode: EpisodeStart,
): PointerSession {
  const choices: Choice[] = [];
  const states: Float32Array[] = [];
  let situation = reader(episode);
  const chooser = makeChooser(network, sampling, randomStream(episode.seed), (choice) => {
    if (sampling === 'sample') choices.push({ turn: situation.memory.turns, ...choice });
  });
  let pending: Batch | undefined;
  const choose: Choose = (question) => {
    if (sampling === 'sample' && question.head === 'kind') states.push(situationNumbers(question.scalars));
    return chooser.choose(question);
  };
  return {
    choices,
    states,
    act: ([observation]: readonly Observation[], user?: string): Decision => {
      if (observation) {
        situation.memory.turns += 1;
        if (pending) rememberBatch(situation, pending, observation);
      }
      if (user !== undefined) situation = situation.after(user);
      const decided = decide(situation, choose);
      if (!decided) throw new RangeError('a question was left open');
      pending = batchOf(situation, decided, choose);
      const { action } = pending;
      noteSearch(situation.memory, action);
      return { calls: [{ action }], logProbability: chooser.takeLogProbability() };
    },
  };
}

/** What was decided and, where it is a call and the policy may write programs, the calls that go into one with it. */
function batchOf(situation: Situation, { action, call }: Choosing, choose: Choose): Batch {
  if (!call) return { action, calls: [] };
  const chosen = [{ action, call }, ...chooseFurther(situation, { action, call }, choose)] as const;
  return { action: actionOf(chosen, situation.episode), calls: chosen.map((one) => one.call) };
}

function makeChooser(
  network: Network,
  sampling: Sampling,
  stream: RandomStream,
  note: (choice: Omit<Choice, 'turn'>) => void,
): Chooser {
  let sum = 0;
  return {
    choose: (question) => {
      if (question.candidates.length < 2) return 0;
      const logProbabilities = network.logProbabilities(question);
      const chosen = sampling === 'greedy' ? best(logProbabilities) : draw(logProbabilities, stream.uniform());
      const logProbability = logProbabilities[chosen] as number;
      sum += logProbability;
      note({ question, chosen, logProbability });
      return chosen;
    },
    takeLogProbability: () => {
      const taken = sum;
      sum = 0;
      return taken;
    },
  };
}

function best(values: Float32Array): number {
  let index = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[index] as number)) index = i;
  return index;
}

function draw(logProbabilities: Float32Array, uniform: number): number {
  let rest = uniform;
  for (let i = 0; i < logProbabilities.length; i++) {
    rest -= Math.exp(logProbabilities[i] as number);
    if (rest < 0) return i;
  }
  // Rounding can leave a remainder beyond the last candidate.
  return best(logProbabilities);
}
