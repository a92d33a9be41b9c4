import { policyLoss, type LossChoice } from '../../core/tensor/policy-loss.ts';
import { makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';
import type { LearningBatch, LossOptions, Trainable, WeightedSession } from '../../core/tensor/trainable.ts';
import type { Policy } from '../../core/types.ts';
import { heads } from './heads.ts';
import type { Network, Question } from './network.ts';
import type { PointerSession } from './session.ts';

/** Candidates on one tape: bounds the arena's size. */
const largestTape = 12_000;

interface Weighted extends LossChoice {
  readonly question: Question;
}

/** Choices of one head, laid out in the engine. */
interface Chunk {
  readonly head: number;
  readonly choices: readonly Weighted[];
  readonly record: (tape: Tape) => Tensor;
}

/** The network's gradients over sessions of its sampling policy, head by head. */
export function makeTrainable(network: Network, policy: Policy): Trainable {
  const { engine } = network.parameters;
  return {
    policy,
    heads,
    parameters: network.parameters,
    changed: network.changed,
    open: (sessions) => {
      const mark = engine.mark();
      const choices = sessions.flatMap(weighted);
      const chunks = heads.flatMap(({ name }, head) =>
        split(choices.filter(({ question }) => question.head === name)).map((own): Chunk => {
          const record = network.prepare(own.map(({ question }) => question));
          return { head, choices: own, record };
        }),
      );
      return {
        accumulate: (options) => accumulate(network, chunks, options),
        close: () => engine.release(mark),
      } satisfies LearningBatch;
    },
  };
}

function accumulate(network: Network, chunks: readonly Chunk[], options: LossOptions) {
  const { engine } = network.parameters;
  const sums = { loss: 0, choices: 0, clipped: 0, kl: 0 };
  const entropy = heads.map(() => ({ sum: 0, count: 0 }));
  for (const { head, choices, record } of chunks) {
    const mark = engine.mark();
    const tape = makeTape(engine);
    const given = { ...options, entropy: options.entropy[head] ?? 0 };
    const result = policyLoss(engine, tape, record(tape), choices, given);
    tape.backward();
    engine.release(mark);
    sums.loss += result.loss;
    sums.choices += choices.length;
    sums.clipped += result.clipped;
    sums.kl += result.kl;
    const own = entropy[head] as { sum: number; count: number };
    own.sum += result.entropySum;
    own.count += result.entropyCount;
  }
  return { ...sums, entropy };
}

function weighted({ session, advantage }: WeightedSession): Weighted[] {
  return (session as PointerSession).choices.map(({ question, chosen, logProbability }) => ({
    question,
    candidates: question.candidates.length,
    chosen,
    logProbability,
    advantage,
  }));
}

function split(choices: readonly Weighted[]): Weighted[][] {
  const parts: Weighted[][] = [];
  let size = Infinity;
  for (const choice of choices) {
    if (size + choice.candidates > largestTape) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(choice);
    size += choice.candidates;
  }
  return parts;
}
