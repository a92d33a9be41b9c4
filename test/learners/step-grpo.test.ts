import { expect, test } from 'vitest';
import { grpo } from '../../baselines/learners/grpo.ts';
import { stepGrpo } from '../../baselines/learners/step-grpo.ts';
import { shapedCredits } from '../../core/run/credit.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { Trainable } from '../../baselines/learning/trainable.ts';
import { makeAgent, type ControlSession } from './control/agent.ts';
import { environmentOf } from './control/model.ts';
import { play } from './control/play.ts';
import { callsDone, toolLoading } from './control/tool-loading.ts';

const environment = environmentOf(toolLoading());

/** Gradient that a learner takes on episodes with these potentials; one pass without an entropy bonus to speak of. */
function weightsAfter(
  make: (trainable: Trainable, options: object) => Learner,
  potentialOf: ((session: ControlSession, reward: number) => number[]) | null,
) {
  const agent = makeAgent({ inputs: environment.inputs, actions: environment.actions, entropyTarget: [0, 0] });
  const learner = make(agent, { passes: 1 });
  const groups = [0, 1].map((group): LearningGroup => {
    const episodes = Array.from({ length: 8 }, (_, member) => {
      const { session, reward } = play(agent, environment, 20, randomStream(seedOf('steps', group, member)));
      if (!potentialOf) return { session, reward };
      return { session, reward, credits: shapedCredits(reward, potentialOf(session, reward), 1) };
    });
    return { task: `${group}`, episodes };
  });
  const metrics = learner.update(groups, 0);
  return { metrics, weights: [...agent.parameters.values] };
}

test('a potential that never changes foretells nothing: the step is GRPO’s', () => {
  const { weights } = weightsAfter(stepGrpo, ({ steps }) => steps.map(() => 0.3));
  const plain = weightsAfter(grpo, null).weights;
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(plain[i] ?? Number.NaN, 6));
  expect(weightsAfter(stepGrpo, null).weights).toEqual(plain);
});

test('a potential that is the reward leaves nothing to any turn; one that is half of it weighs double', () => {
  const known = weightsAfter(stepGrpo, ({ steps }, reward) => steps.map(() => reward));
  expect(known.metrics['potential_weight']).toBeCloseTo(1, 9);
  expect(known.metrics['loss']).toBeCloseTo(0, 9);
  const half = weightsAfter(stepGrpo, ({ steps }, reward) => steps.map(() => reward / 2));
  expect(half.metrics['potential_weight']).toBeCloseTo(2, 9);
  expect(half.metrics['loss']).toBeCloseTo(0, 9);
});

test('calls done foretell the reward on loading and calling tools', () => {
  const { metrics } = weightsAfter(stepGrpo, ({ steps }) =>
    steps.map(({ features }) => callsDone(features.indexOf(1))),
  );
  expect(metrics['potential_weight']).not.toBe(0);
  expect(metrics['credited']).toBe(1);
});
