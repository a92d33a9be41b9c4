import { policyLoss } from '../../core/tensor/policy-loss.ts';
import { makeTape } from '../../core/tensor/tape.ts';
import type { LossOptions, LossSums, Trainable, WeightedSession } from '../../core/tensor/trainable.ts';
import type { Policy } from '../../core/types.ts';
import { heads } from './heads.ts';
import type { Network } from './network.ts';
import type { Choice, PointerSession } from './session.ts';

/** Candidates on one tape: bounds the arena's size. */
const largestBatch = 12_000;

interface WeightedChoice extends Choice {
  readonly advantage: number;
}

/** The network's gradients over sessions of its sampling policy, head by head, in batches. */
export function makeTrainable(network: Network, policy: Policy): Trainable {
  return {
    policy,
    heads,
    parameters: network.parameters,
    changed: network.changed,
    accumulate: (sessions, options) => {
      const choices = sessions.flatMap(weightedChoices);
      const sums = { loss: 0, choices: choices.length, clipped: 0, kl: 0 };
      const entropy: { sum: number; count: number }[] = [];
      heads.forEach(({ name }, i) => {
        const own = choices.filter(({ question }) => question.head === name);
        const total = { sum: 0, count: 0 };
        for (const batch of batches(own)) {
          const result = accumulateBatch(network, batch, { ...options, entropy: options.entropy[i] ?? 0 });
          sums.loss += result.loss;
          sums.clipped += result.clipped;
          sums.kl += result.kl;
          total.sum += result.entropySum;
          total.count += result.entropyCount;
        }
        entropy.push(total);
      });
      return { ...sums, entropy } satisfies LossSums;
    },
  };
}

function weightedChoices({ session, advantage }: WeightedSession): WeightedChoice[] {
  const { choices } = session as PointerSession;
  return choices.map((choice) => ({ ...choice, advantage }));
}

function* batches(choices: readonly WeightedChoice[]): Generator<WeightedChoice[]> {
  let batch: WeightedChoice[] = [];
  let size = 0;
  for (const choice of choices) {
    const more = choice.question.candidates.length;
    if (batch.length > 0 && size + more > largestBatch) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(choice);
    size += more;
  }
  if (batch.length > 0) yield batch;
}

function accumulateBatch(
  network: Network,
  batch: readonly WeightedChoice[],
  options: Omit<LossOptions, 'entropy'> & { readonly entropy: number },
) {
  const { engine } = network.parameters;
  const mark = engine.mark();
  const tape = makeTape(engine);
  const column = network.record(
    tape,
    batch.map(({ question }) => question),
  );
  const choices = batch.map(({ question, chosen, logProbability, advantage }) => ({
    candidates: question.candidates.length,
    chosen,
    logProbability,
    advantage,
  }));
  const result = policyLoss(engine, tape, column, choices, options);
  tape.backward();
  engine.release(mark);
  return result;
}
