import { expect, test } from 'vitest';
import { clippedSurrogate } from '../../baselines/learning/policy-loss.ts';
import {
  makePolicyUpdate,
  policyUpdateDefaults,
  type WeightedSession,
} from '../../baselines/learning/policy-update.ts';
import { makeBandit, type Pull } from './bandit.ts';

const pulls = (bandit: ReturnType<typeof makeBandit>, update: number, rewards: readonly number[]): WeightedSession[] =>
  Array.from({ length: 32 }, (_, i) => {
    const session = bandit.pull(update * 100 + i);
    return { session, advantage: rewards[session.arm] ?? 0 };
  });

const rewards = [0.5, -0.5, 0, 0];

function trained(options: Partial<typeof policyUpdateDefaults>, updates = 60) {
  const bandit = makeBandit(4);
  const update = makePolicyUpdate(bandit, { ...policyUpdateDefaults, learningRate: 0.05, ...options });
  let metrics: Readonly<Record<string, number>> = {};
  for (let i = 0; i < updates; i++) metrics = update.apply(pulls(bandit, i, rewards), 0);
  return { bandit, metrics, update };
}

test('β holds the policy near the one that it started from, and the distance is told', () => {
  const free = trained({});
  const held = trained({ beta: 5 });
  expect(free.bandit.probabilities()[0]).toBeGreaterThan(0.8);
  expect(free.metrics).not.toHaveProperty('kl_reference');
  for (const probability of held.bandit.probabilities()) expect(Math.abs(probability - 0.25)).toBeLessThan(0.06);
  expect(held.metrics['kl_reference']).toBeGreaterThan(0);
  expect(held.metrics['kl_reference']).toBeLessThan(0.02);
});

/** Weights after six updates, which a seventh without advantages must leave as they are. */
function weightsAfter(entropyBonus: 'constant' | 'none', change: (one: WeightedSession) => WeightedSession) {
  const bandit = makeBandit(4);
  const update = makePolicyUpdate(bandit, { ...policyUpdateDefaults, entropyBonus });
  for (let i = 0; i < 6; i++) update.apply(pulls(bandit, i, rewards).map(change), 0);
  const values = [...bandit.parameters.values];
  const silent = pulls(bandit, 6, rewards).map((one) => ({ ...one, advantage: [0] }));
  update.apply(silent, 0);
  expect([...bandit.parameters.values], 'after a silent update').toEqual(values);
  return values;
}

test('no bonus goes with sessions that say so, and no step with advantages that are all 0', () => {
  const without = weightsAfter('none', (one) => one);
  expect(weightsAfter('constant', (one) => one)).not.toEqual(without);
  expect(weightsAfter('constant', (one) => ({ ...one, hasBonus: false }))).toEqual(without);
});

test('with k3 in the loss the policy settles where π (r − Σπr) = β (π − ref), which is not KL’s own optimum', () => {
  // k3 has the value of KL(π ‖ ref) but, on-policy, the gradient of KL(ref ‖ π).
  const beta = 0.5;
  const reference = [0.25, 0.25, 0.25, 0.25];
  let logits = [0, 0, 0, 0];
  const softmax = () => {
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return logits.map((logit) => Math.exp(logit) / total);
  };
  for (let step = 0; step < 3000; step++) {
    const policy = softmax();
    const terms = policy.map((probability, arm) => ({
      advantages: [rewards[arm] ?? 0],
      behaviour: [Math.log(probability)],
      reference: [Math.log(reference[arm] ?? 0)],
      weight: probability,
    }));
    const pass = clippedSurrogate(terms, { ...policyUpdateDefaults, beta }).pass(() => []);
    const slopes = policy.map((probability, arm) => pass.slope(arm, 0, Math.log(probability)));
    const total = slopes.reduce((sum, slope) => sum + slope, 0);
    logits = logits.map((logit, arm) => logit - ((slopes[arm] ?? 0) - (policy[arm] ?? 0) * total));
  }
  const policy = softmax();
  const value = policy.reduce((sum, probability, arm) => sum + probability * (rewards[arm] ?? 0), 0);
  policy.forEach((probability, arm) => {
    const pull = probability * ((rewards[arm] ?? 0) - value);
    expect(pull).toBeCloseTo(beta * (probability - (reference[arm] ?? 0)), 6);
  });
  expect(Math.abs((policy[0] ?? 0) - (policy[1] ?? 0))).toBeGreaterThan(0.1);
});

test('minibatches part the sessions: every step sees its share, and equal seeds give equal weights', () => {
  const seen: number[] = [];
  const bandit = makeBandit(4);
  const watched = {
    ...bandit,
    open: (sessions: Parameters<typeof bandit.open>[0]) => {
      seen.push(...sessions.map((session) => (session as Pull).logProbability));
      return bandit.open(sessions);
    },
  };
  const given = Array.from({ length: 10 }, (_, i) => {
    return { session: { ...bandit.pull(i), logProbability: -i }, advantage: 0 };
  });
  makePolicyUpdate(watched, { ...policyUpdateDefaults, minibatches: 3, passes: 2 }).apply(given, 0);
  // Each once, though two passes went over it.
  expect(seen.toSorted((a, b) => b - a)).toEqual(given.map(({ session }) => session.logProbability));
  const [one, other] = [trained({ minibatches: 3 }, 5), trained({ minibatches: 3 }, 5)];
  expect(Buffer.from(one.update.save()).equals(Buffer.from(other.update.save()))).toBe(true);
});

test('a gradient that is no number changes no weight', () => {
  const { bandit, update } = trained({}, 1);
  const before = [...bandit.parameters.values];
  const broken = { session: { ...bandit.pull(1), logProbability: -Infinity }, advantage: -1 };
  expect(() => update.apply([broken], 0)).toThrow(/gradient has norm (NaN|Infinity); no weight was changed/);
  expect([...bandit.parameters.values]).toEqual(before);
  expect(update.version()).toBe(1);
});
