import { describe, expect, test } from 'vitest';
import { algorithmNames } from '../../baselines/catalogue.ts';
import { loadFrom } from '../../core/folder.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import type { Trainable } from '../../core/tensor/trainable.ts';
import { makeBandit } from './bandit.ts';

const folder = new URL('../../baselines/', import.meta.url);
const learners = await Promise.all(
  algorithmNames.map(
    async (name) => [name, await loadFrom<(trainable: Trainable) => Learner>(folder, name, 'algorithm')] as const,
  ),
);
const best = 2;
const rewardOf = (arm: number) => [0.1, 0.3, 0.9, 0.5][arm] ?? 0;

type Bandit = ReturnType<typeof makeBandit>;

function batch(bandit: Bandit, update: number, reward: (arm: number) => number | null): LearningGroup[] {
  return [0, 1].map((group) => ({
    task: `task-${group}`,
    episodes: Array.from({ length: 8 }, (_, member) => {
      const session = bandit.pull(update * 1000 + group * 100 + member);
      return { session, reward: reward(session.arm) };
    }),
  }));
}

function run(
  make: (trainable: Trainable) => Learner,
  updates: number,
  reward: (arm: number) => number | null = rewardOf,
) {
  const bandit = makeBandit(4);
  const learner = make(bandit);
  for (let i = 0; i < updates; i++) learner.update(batch(bandit, i, reward), i / updates);
  return { bandit, learner };
}

describe.each(learners)('%s', (name, make) => {
  test('carries its file’s name, counts its updates, and learns which arm is best', () => {
    const { bandit, learner } = run(make, 400);
    expect(learner.name).toBe(name);
    expect(learner.version()).toBe(400);
    expect(bandit.probabilities()[best]).toBeGreaterThan(0.8);
  });

  test('equal rewards move no probability away from the most uncertain policy', () => {
    const { bandit } = run(make, 30, () => 0.1);
    for (const probability of bandit.probabilities()) expect(probability).toBeCloseTo(0.25, 5);
  });

  test('excluded episodes change nothing: not the weights, not a metric to NaN', () => {
    const { bandit, learner } = run(make, 3, () => null);
    const metrics = learner.update(
      batch(bandit, 9, () => null),
      0.5,
    );
    for (const probability of bandit.probabilities()) expect(probability).toBeCloseTo(0.25, 6);
    for (const [metric, value] of Object.entries(metrics)) expect(Number.isFinite(value), metric).toBe(true);
  });

  test('a NaN reward is refused before any weight moves', () => {
    const { bandit, learner } = run(make, 0);
    expect(() =>
      learner.update(
        batch(bandit, 0, () => Number.NaN),
        0,
      ),
    ).toThrow(/A reward is NaN/);
    expect(bandit.parameters.values.every((value) => value === 0)).toBe(true);
  });

  test('the metrics of the field are all there', () => {
    const { bandit, learner } = run(make, 1);
    const metrics = learner.update(batch(bandit, 1, rewardOf), 0);
    const expected = ['entropy', 'frac_reward_zero_std', 'grad_norm', 'clip_ratio', 'kl', 'loss', 'learning_rate'];
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(expected));
    expect(metrics['entropy']).toBeGreaterThan(1);
    expect(metrics['grad_norm']).toBeGreaterThan(0);
  });

  test('equal seeds give equal weights; restoring a save goes on to the same bits', () => {
    const whole = run(make, 12);
    expect(Buffer.from(run(make, 12).learner.save()).equals(Buffer.from(whole.learner.save()))).toBe(true);
    const bandit = makeBandit(4);
    const half = make(bandit);
    for (let i = 0; i < 5; i++) half.update(batch(bandit, i, rewardOf), i / 12);
    const resumedBandit = makeBandit(4);
    const resumed = make(resumedBandit);
    resumed.restore(half.save());
    expect(resumed.version()).toBe(5);
    for (let i = 5; i < 12; i++) resumed.update(batch(resumedBandit, i, rewardOf), i / 12);
    expect(Buffer.from(resumed.save()).equals(Buffer.from(whole.learner.save()))).toBe(true);
  });

  test('weights of another network, or no weights at all, are refused with a cure', () => {
    const { learner } = run(make, 1);
    const other = make(makeBandit(5));
    const refusal = /belong to another network.*Train a new policy/;
    expect(() => other.restore(learner.save())).toThrow(refusal);
    expect(() => other.restore(new Uint8Array([1, 2, 3]))).toThrow(refusal);
    expect(() => other.restore(new Uint8Array())).toThrow(refusal);
  });
});
