import { expect, test } from 'vitest';
import { clippedSurrogate } from '../../baselines/learning/policy-loss.ts';
import { makeBandit } from './bandit.ts';

const options = { clipLow: 0.2, clipHigh: 0.2, importanceSampling: 'token', beta: 0 } as const;

/** Gradient of the loss by the bandit's logits; column 0 of its four holds them. */
function gradientOf(
  bandit: ReturnType<typeof makeBandit>,
  pulls: { arm: number; advantage: number; old?: number }[],
  entropyWeight = 0,
) {
  bandit.parameters.gradients.fill(0);
  const sessions = pulls.map(({ arm, old }) => {
    return { ...bandit.pull(0), arm, logProbability: old ?? Math.log(bandit.probabilities()[arm] ?? 0) };
  });
  const terms = pulls.map(({ advantage }, i) => {
    return { advantages: [advantage], behaviour: [sessions[i]?.logProbability ?? 0], weight: 1 };
  });
  const objective = clippedSurrogate(terms, options);
  const pass = objective.pass(() => []);
  const batch = bandit.open(sessions);
  const entropy = batch.accumulate({ slope: pass.slope, weights: objective.weights, entropy: [entropyWeight] });
  batch.close();
  const gradient = [...bandit.parameters.gradients].filter((_, i) => i % 4 === 0);
  return { metrics: pass.metrics() as Record<string, number>, entropy, gradient };
}

function bandit(logits: readonly number[]) {
  const made = makeBandit(logits.length);
  logits.forEach((logit, arm) => {
    made.parameters.values[arm * 4] = logit;
  });
  return made;
}

test('on-policy the ratio is 1, nothing is clipped, and the mean gradient is that of the expected reward', () => {
  const logits = [0.3, -0.2, 0.5];
  const rewards = [1, 0.2, 0.4];
  const made = bandit(logits);
  const probabilities = made.probabilities();
  const value = rewards.reduce((sum, reward, arm) => sum + reward * (probabilities[arm] ?? 0), 0);
  // Weighting each arm's advantage by its probability gives REINFORCE's mean in closed form: π_a (r_a − Σ π r).
  const { metrics, gradient } = gradientOf(
    made,
    rewards.map((reward, arm) => ({ arm, advantage: (reward - value) * (probabilities[arm] ?? 0) })),
  );
  expect(metrics['clip_ratio']).toBe(0);
  expect(metrics['kl']).toBeCloseTo(0, 6);
  gradient.forEach((slope, arm) => {
    const exact = (probabilities[arm] ?? 0) * ((rewards[arm] ?? 0) - value);
    expect(-slope, `arm ${arm}`).toBeCloseTo(exact, 5);
  });
});

test('beyond the clip range a choice has no gradient, but only on the side where it would gain', () => {
  const made = bandit([0, 0]);
  const old = Math.log(0.3);
  const grown = gradientOf(made, [{ arm: 0, advantage: 1, old }]);
  expect(grown.metrics['clip_ratio_high']).toBe(1);
  expect(grown.gradient).toEqual([0, 0]);
  expect(grown.metrics['loss']).toBeCloseTo(-1.2, 5);
  const shrinking = gradientOf(made, [{ arm: 0, advantage: -1, old }]);
  expect(shrinking.metrics['clip_ratio']).toBe(0);
  expect(shrinking.gradient[0]).toBeCloseTo((0.5 / 0.3) * 0.5, 5);
});

test('the entropy bonus has the gradient of the entropy, by finite differences', () => {
  const logits = [0.7, -0.4, 0.1];
  const entropy = (moved: readonly number[]) =>
    bandit(moved)
      .probabilities()
      .reduce((sum, probability) => sum - probability * Math.log(probability), 0);
  const { gradient, entropy: sums } = gradientOf(bandit(logits), [{ arm: 0, advantage: 0 }], 1);
  expect(sums[0]?.sum).toBeCloseTo(entropy(logits), 5);
  gradient.forEach((slope, arm) => {
    const move = (by: number) => entropy(logits.map((logit, i) => (i === arm ? logit + by : logit)));
    expect(-slope, `arm ${arm}`).toBeCloseTo((move(0.01) - move(-0.01)) / 0.02, 3);
  });
});

test('with a reward per arm the entropy-regularised optimum is softmax of reward over temperature', () => {
  const rewards = [0.2, 0.5, 0.35];
  const temperature = 0.25;
  const made = bandit([0, 0, 0]);
  for (let step = 0; step < 3000; step++) {
    const probabilities = made.probabilities();
    const { gradient } = gradientOf(
      made,
      rewards.map((reward, arm) => ({ arm, advantage: reward * (probabilities[arm] ?? 0) })),
      temperature / rewards.length,
    );
    gradient.forEach((slope, arm) => {
      made.parameters.values[arm * 4] = (made.parameters.values[arm * 4] ?? 0) - slope;
    });
  }
  const total = rewards.reduce((sum, reward) => sum + Math.exp(reward / temperature), 0);
  made.probabilities().forEach((probability, arm) => {
    expect(probability, `arm ${arm}`).toBeCloseTo(Math.exp((rewards[arm] ?? 0) / temperature) / total, 3);
  });
});
