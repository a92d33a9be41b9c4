import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeParameters } from '../../core/tensor/optimiser.ts';
import { chunkedBatch } from '../../baselines/learning/choice-loss.ts';
import { makeBags, makeSegments, makeTape, type Tape } from '../../core/tensor/tape.ts';
import type { Trainable } from '../../baselines/learning/trainable.ts';
import type { Action, Decision, EpisodeStart, Policy, PolicySession } from '../../core/types.ts';

export interface Pull extends PolicySession {
  readonly arm: number;
  readonly logProbability: number;
}

const one = (action: Action): Decision => ({ calls: [{ action }] });

/** A softmax bandit with one logit per arm: the smallest policy a learner can improve. Sessions have pulled already. */
export function makeBandit(
  arms: number,
): Trainable & { readonly probabilities: () => number[]; readonly pull: (seed: number) => Pull } {
  const engine = makeEngine(4);
  const parameters = makeParameters(engine, [{ name: 'logits', rows: arms, columns: 4 }]);
  const ones = engine.allocate(4);
  engine.floats[ones >> 2] = 1;
  const pick = { pointer: ones, gradient: 0, rows: 4, columns: 1 };
  const everyArm = [Array.from({ length: arms }, (_, arm) => arm)];
  const column = (tape: Tape, times: number) => {
    const rows = Array.from({ length: times }, () => everyArm[0] ?? []).flat();
    const spread = tape.bagSum(
      parameters.tensor('logits'),
      makeBags(
        engine,
        rows.map((row) => [row]),
      ),
    );
    const lengths = Array.from({ length: times }, () => arms);
    return tape.logSoftmax(tape.matmulSum([[spread, pick]]), makeSegments(engine, lengths));
  };
  const logProbabilities = () => {
    const mark = engine.mark();
    const { pointer } = column(makeTape(engine, { recording: false }), 1);
    const result = engine.floats.slice(pointer >> 2, (pointer >> 2) + arms);
    engine.release(mark);
    return result;
  };
  const pull = (seed: number): Pull => {
    const logs = logProbabilities();
    let rest = randomStream(seedOf('pull', seed)).uniform();
    let arm = 0;
    while (arm < arms - 1 && (rest -= Math.exp(logs[arm] ?? 0)) >= 0) arm += 1;
    return { arm, logProbability: logs[arm] ?? 0, act: () => one({ name: 'finish', arguments: {} }) };
  };
  const policy: Policy = { name: 'bandit', start: ({ seed }: EpisodeStart) => pull(seed) };
  const imitate = (teacher: Policy): Policy => ({
    name: teacher.name,
    start: (episode) => {
      const { calls } = teacher.start(episode).act([]) as Decision;
      const [{ action }] = calls;
      const arm = Number(action.arguments['arm']);
      return { arm, logProbability: logProbabilities()[arm] ?? 0, act: () => one(action) } satisfies Pull;
    },
  });
  return {
    policy,
    imitate,
    isWithinReach: () => true,
    parameters,
    heads: [{ name: 'arm', entropyTarget: [0.3, 0.05] }],
    changed: () => undefined,
    probabilities: () => [...logProbabilities()].map(Math.exp),
    pull,
    choices: (session) => [{ turn: 0, logProbability: (session as Pull).logProbability }],
    stateSize: 1,
    states: () => ({ acted: [new Float32Array(1)] }),
    open: (sessions) => {
      const mark = engine.mark();
      const choices = sessions.map((one, session) => {
        return { session, index: 0, candidates: arms, chosen: (one as Pull).arm };
      });
      const record = (tape: Tape) => column(tape, choices.length);
      return {
        ...chunkedBatch(
          engine,
          [{ head: 0, choices, record }],
          sessions.map(() => 1),
          1,
        ),
        close: () => engine.release(mark),
      };
    },
  };
}
