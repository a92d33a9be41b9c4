import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { a2c } from '../../../baselines/learners/a2c.ts';
import { behaviourCloning } from '../../../baselines/learners/behaviour-cloning.ts';
import { grpo } from '../../../baselines/learners/grpo.ts';
import { ppo } from '../../../baselines/learners/ppo.ts';
import { reinforce } from '../../../baselines/learners/reinforce.ts';
import { shapedCredits } from '../../../core/run/credit.ts';
import type { Learner } from '../../../core/run-types.ts';
import { randomStream, seedOf } from '../../../core/seeds.ts';
import { makeValueFunction } from '../../../baselines/learning/value-function.ts';
import type { Policy } from '../../../core/types.ts';
import { makeAgent, type Agent } from './agent.ts';
import { cartPole } from './cart-pole.ts';
import { cliffWalking, frozenLake } from './grids.ts';
import { bestAction, bestValues, environmentOf, valuesOf, type ActionProbabilities, type Model } from './model.ts';
import { play, trainOn, type Played, type Schedule } from './play.ts';
import { callsDone, taskOnly, toolLoading } from './tool-loading.ts';
import { isWhole } from '../../whole.ts';

const uniform =
  ({ actions }: Model): ActionProbabilities =>
  () =>
    Array.from({ length: actions }, () => 1 / actions);

/** What the agent does where it always takes its likeliest action. */
const greedy =
  (agent: Agent, features: (state: number) => Float32Array): ActionProbabilities =>
  (state) => {
    const probabilities = agent.probabilities(features(state));
    const best = probabilities.indexOf(Math.max(...probabilities));
    return probabilities.map((_, action) => (action === best ? 1 : 0));
  };

describe('dynamic programming finds the published optima, so that gates measure against the truth', () => {
  /** Values that two independent scripts agree on; Gymnasium states .74, .91 and −13. */
  test.each([
    ['FrozenLake 4×4, 100 steps', frozenLake(4), 1, 100, 0.7441903],
    ['FrozenLake 4×4, γ .99', frozenLake(4), 0.99, 1000, 0.5420259],
    ['FrozenLake 8×8, 200 steps', frozenLake(8), 1, 200, 0.9132202],
    ['FrozenLake 8×8, γ .99', frozenLake(8), 0.99, 1200, 0.4146404],
    ['CliffWalking', cliffWalking(), 1, 200, -13],
    ['CliffWalking, γ .99', cliffWalking(), 0.99, 1000, -12.2478977],
  ] as const)('%s', (_, model, gamma, sweeps, value) => {
    expect(bestValues(model, gamma, sweeps)[model.start]).toBeCloseTo(value, 6);
  });

  test.each([
    [4, 100, 0.0139398],
    [8, 200, 0.0019014],
  ] as const)('acting at random on FrozenLake %i', (size, sweeps, value) => {
    expect(valuesOf(frozenLake(size), uniform(frozenLake(size)), 1, sweeps)[0]).toBeCloseTo(value, 6);
  });
});

/** A learner with its options. */
const by =
  <Options>(make: (agent: Agent, options: Options) => Learner, options: Options) =>
  (agent: Agent) =>
    make(agent, options);

/** How near the lower right corner of the 8×8 lake is, 0–1. */
const nearGoal = (features: Float32Array): number => {
  const state = features.indexOf(1);
  return (Math.floor(state / 8) + (state % 8)) / 14;
};

/** Exact values of what a learner has made of an agent: as it acts, and where it always takes its likeliest action. */
function learnt(
  model: Model,
  make: (agent: Agent) => Learner,
  schedule: Omit<Schedule, 'name'>,
  entropyTarget: readonly [number, number],
  { features = environmentOf(model).features, seen = (episode: Played): Played => episode } = {},
): { readonly acting: number; readonly likeliest: number } {
  const inputs = features(0).length;
  const environment = { ...environmentOf(model), inputs, features };
  const agent = makeAgent({ inputs, actions: model.actions, entropyTarget });
  trainOn(make(agent), agent, environment, { name: 'control', ...schedule }, seen);
  const value = (policy: ActionProbabilities) => valuesOf(model, policy, 1, schedule.limit)[model.start] ?? Number.NaN;
  return {
    acting: value((state) => agent.probabilities(features(state))),
    likeliest: value(greedy(agent, features)),
  };
}

/** Seconds of processor time are few; on a busy machine they are long. */
const timeout = 300_000;

test('PPO passes Gymnasium’s threshold of FrozenLake 4×4', { timeout }, () => {
  const make = by(ppo, { learningRate: 0.05, gamma: 0.99, valueLearningRate: 0.01 });
  const schedule = { updates: 120, groups: 8, groupSize: 8, limit: 100 };
  expect(learnt(frozenLake(4), make, schedule, [1, 0.1]).likeliest).toBeGreaterThan(0.7);
});

test.runIf(isWhole)(
  'PPO crosses FrozenLake 8×8 with the way to the goal as a potential, on the true rewards',
  { timeout },
  () => {
    const gamma = 0.99;
    const seen = (episode: Played): Played => {
      const { steps, after } = episode.session;
      const potentials = [...steps.map(({ features }) => nearGoal(features)), episode.truncated ? nearGoal(after) : 0];
      const credits = episode.credits.map(
        (reward, turn) => reward + gamma * (potentials[turn + 1] ?? 0) - (potentials[turn] ?? 0),
      );
      return { ...episode, credits };
    };
    const make = by(ppo, { learningRate: 0.05, gamma, valueLearningRate: 0.01 });
    const schedule = { updates: 60, groups: 4, groupSize: 16, limit: 200 };
    expect(learnt(frozenLake(8), make, schedule, [1, 0.2], { seen }).likeliest).toBeGreaterThan(0.7);
  },
);

test('PPO finds the safe way along the cliff, and so does A2C', { timeout }, () => {
  const schedule = { updates: 100, groups: 2, groupSize: 8, limit: 100 };
  const byPpo = by(ppo, { learningRate: 0.05, valueLearningRate: 0.01 });
  const byA2c = by(a2c, { learningRate: 0.1, valueLearningRate: 0.01, lambda: 0.95 });
  // −13 is the edge itself; who still explores keeps off it (Sutton & Barto 2018, example 6.6).
  for (const make of [byPpo, byA2c])
    expect(learnt(cliffWalking(), make, schedule, [1.2, 0.05]).likeliest).toBeGreaterThanOrEqual(-17);
});

test('PPO keeps the pole up for 475 of 500 steps, the threshold of CartPole-v1', { timeout }, () => {
  const agent = makeAgent({ inputs: 4, actions: 2, hidden: 32 });
  const options = { gamma: 0.99, learningRate: 0.01, valueLearningRate: 0.01, minibatches: 4 };
  const schedule = { name: 'cart', updates: 40, groups: 1, groupSize: 8, limit: 500 };
  trainOn(ppo(agent, options), agent, cartPole, schedule);
  const likeliest = (features: Float32Array) => {
    const [left = 0, right = 0] = agent.probabilities(features);
    return agent.taking(features, right > left ? 1 : 0);
  };
  const returns = Array.from({ length: 50 }, (_, i) => {
    return play(agent, cartPole, 500, randomStream(seedOf('balancing', i)), likeliest).reward;
  });
  expect(returns.reduce((sum, one) => sum + one, 0) / returns.length).toBeGreaterThanOrEqual(475);
});

test('on loading and calling tools: random < bandit < REINFORCE < PPO, which finds the optimum', { timeout }, () => {
  const model = toolLoading();
  const schedule = { updates: 150, groups: 12, groupSize: 8, limit: 20 };
  const valueOf = (policy: ActionProbabilities) => valuesOf(model, policy, 1, schedule.limit)[0] ?? Number.NaN;
  const atRandom = valueOf(uniform(model));
  const best = bestValues(model, 1, schedule.limit)[0] ?? Number.NaN;
  const bandit = learnt(model, by(reinforce, { learningRate: 0.03 }), schedule, [1.5, 0.05], { features: taskOnly });
  const byReturns = learnt(model, by(reinforce, { learningRate: 0.03 }), schedule, [1.5, 0.05]);
  const byGroups = learnt(model, by(grpo, { learningRate: 0.02 }), schedule, [1.5, 0.05]);
  const byCritic = learnt(
    model,
    by(ppo, { learningRate: 0.03, valueLearningRate: 0.01, passes: 2 }),
    schedule,
    [1.9, 0.05],
  );
  expect(bandit.acting).toBeGreaterThan(atRandom);
  expect(byReturns.acting).toBeGreaterThan(bandit.acting + 0.2);
  expect(byGroups.acting).toBeGreaterThan(bandit.acting + 0.2);
  expect(byCritic.acting).toBeGreaterThan(byReturns.acting);
  expect(byCritic.likeliest).toBeCloseTo(best, 2);
  // The page's table is this test's: where they differ, put in what is expected here.
  const page = readFileSync(new URL('../../../docs/learners.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');
  const rows = Object.entries({
    random: { acting: atRandom, likeliest: atRandom },
    'bandit (`reinforce` that sees the task alone)': bandit,
    '`reinforce`': byReturns,
    '`grpo`': byGroups,
    '`ppo`': byCritic,
    optimum: { acting: best, likeliest: best },
  }).map(([who, { acting, likeliest }]) => `| ${who} | ${acting.toFixed(2)} | ${likeliest.toFixed(2)} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test('behaviour cloning of the best policy becomes it', () => {
  const model = frozenLake(4);
  const environment = environmentOf(model);
  const values = bestValues(model, 0.99, 1000);
  const agent = makeAgent({ inputs: model.states, actions: model.actions });
  const learner = behaviourCloning(agent, { learningRate: 0.1 }, {} as Policy);
  for (let update = 0; update < 30; update++) {
    const episodes = Array.from({ length: 8 }, (_, i) => {
      return play(agent, environment, 100, randomStream(seedOf('teacher', update, i)), (features, state) =>
        agent.taking(features, bestAction(model, values, 0.99, state)),
      );
    });
    learner.update([{ task: 'lake', episodes }], update / 30);
  }
  expect(valuesOf(model, greedy(agent, environment.features), 1, 100)[0]).toBeGreaterThan(0.73);
});

describe('an episode that is cut off', () => {
  /** One state, reward 1 for ever: worth 1 / (1 − γ). */
  const forEver: Model = {
    states: 1,
    actions: 2,
    start: 0,
    transitions: () => [{ probability: 1, next: 0, reward: 1, terminated: false }],
  };
  const valueWhere = (truncated: boolean, lambda: number): number => {
    const agent = makeAgent({ inputs: 1, actions: 2 });
    const learner = ppo(agent, { gamma: 0.98, lambda, valueLearningRate: 0.02 });
    const schedule = { name: 'ever', updates: 60, groups: 2, groupSize: 4, limit: 50 };
    trainOn(learner, agent, environmentOf(forEver), schedule, (episode) => ({ ...episode, truncated }));
    const saved = Buffer.from(learner.save());
    const header = JSON.parse(saved.subarray(0, saved.indexOf(10)).toString()) as { numbers: { value: number[] } };
    const critic = makeValueFunction(1);
    critic.restore(header.numbers.value);
    return critic.values([new Float32Array([1])])[0] ?? Number.NaN;
  };

  test('by a limit bootstraps: the value is that of going on', { timeout }, () => {
    expect(Math.abs(valueWhere(true, 0.95) - 50)).toBeLessThan(1);
  });

  test('by its end does not: the value is the mean of what was left', { timeout }, () => {
    const left = Array.from({ length: 50 }, (_, steps) => (1 - 0.98 ** (steps + 1)) / 0.02);
    const mean = left.reduce((sum, one) => sum + one, 0) / left.length;
    expect(Math.abs(valueWhere(false, 1) - mean)).toBeLessThan(1);
  });
});

describe('potential-based shaping', () => {
  const model = toolLoading();
  const gamma = 0.9;
  /** The model with rewards r + γΦ(s′) − Φ(s). */
  const shapedBy = (potential: (state: number) => number): Model => ({
    ...model,
    transitions: (state, action) =>
      model.transitions(state, action).map((one) => {
        const after = one.terminated ? 0 : potential(one.next);
        return { ...one, reward: one.reward + gamma * after - potential(state) };
      }),
  });

  test('leaves the best policy the best, whatever the potential', () => {
    const plain = bestValues(model, gamma, 200);
    const { uniform: draw } = randomStream(seedOf('potentials'));
    const drawn = Array.from({ length: model.states }, draw);
    for (const potential of [callsDone, (state: number) => drawn[state] ?? 0]) {
      const shaped = bestValues(shapedBy(potential), gamma, 200);
      // Values move by exactly the potential (Ng et al. 1999), so that every comparison of actions stays.
      shaped.forEach((value, state) => expect(value + potential(state)).toBeCloseTo(plain[state] ?? Number.NaN, 8));
    }
  });

  test('of an episode is what the loop hands to learners', () => {
    const agent = makeAgent({ inputs: model.states, actions: model.actions });
    const played = play(agent, environmentOf(model), 400, randomStream(5));
    expect(played.truncated).toBe(false);
    const potentials = played.session.steps.map(({ features }) => callsDone(features.indexOf(1)));
    const credits = shapedCredits(1, potentials, gamma);
    // All that was earned counts at the end alone; turn by turn it is what the shaped process pays.
    const discounted = credits.reduce((sum, credit, turn) => sum + gamma ** turn * credit, 0);
    expect(discounted).toBeCloseTo(gamma ** (credits.length - 1) - (potentials[0] ?? 0), 10);
    const undiscounted = shapedCredits(0.4, potentials, 1).reduce((sum, credit) => sum + credit, 0);
    expect(undiscounted).toBeCloseTo(0.4 - (potentials[0] ?? 0), 10);
  });
});
