import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { algorithmNames, readLearner } from '../../baselines/learner-list.ts';
import { ownName, ownPathIn } from '../../core/own-module.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import type { EpisodeStart, Policy } from '../../core/types.ts';
import { makeBandit, type Pull } from './bandit.ts';

/** Always pulls the best arm. */
const teacher: Policy = {
  name: 'teacher',
  start: () => ({ act: () => ({ calls: [{ action: { name: 'pull', arguments: { arm: best } } }] }) }),
};
/** The example of a learner by its path. */
const ownLearner = 'docs/examples/parts/learner.ts';
const learners = await Promise.all(
  [...algorithmNames(), ownLearner].map(async (name) => {
    const { make, defaults } = (await readLearner(name)).definition;
    return [name, (bandit: Bandit) => make(bandit, {}, teacher), defaults] as const;
  }),
);
/** What learns from rewards; the others from a teacher. */
const rewarded = learners.filter(([name]) => name !== 'behaviour-cloning');
type Make = (bandit: Bandit) => Learner;
const best = 2;
const rewardOf = (arm: number) => [0.1, 0.3, 0.9, 0.5][arm] ?? 0;

type Bandit = ReturnType<typeof makeBandit>;

function batch(learner: Learner, update: number, reward: (arm: number) => number | null): LearningGroup[] {
  return [0, 1].map((group) => ({
    task: `task-${group}`,
    episodes: Array.from({ length: 8 }, (_, member) => {
      const session = learner.policy.start({ seed: update * 1000 + group * 100 + member } as EpisodeStart) as Pull;
      return { session, reward: reward(session.arm) };
    }),
  }));
}

function run(make: Make, updates: number, reward: (arm: number) => number | null = rewardOf) {
  const bandit = makeBandit(4);
  const learner = make(bandit);
  for (let i = 0; i < updates; i++) learner.update(batch(learner, i, reward), i / updates);
  return { bandit, learner };
}

describe.each(learners)('%s', (name, make) => {
  test('carries its file’s name, counts its updates, and learns which arm is best', () => {
    const { bandit, learner } = run(make, 400);
    expect(learner.name).toBe(ownPathIn(name) === undefined ? name : `my-${ownName(name)}`);
    expect(learner.version()).toBe(400);
    expect(bandit.probabilities()[best]).toBeGreaterThan(0.8);
  });

  test('an empty batch, and a group without episodes, change nothing', () => {
    const { bandit, learner } = run(make, 0);
    for (const groups of [[], [{ task: 'none', episodes: [] }]]) {
      for (const [metric, value] of Object.entries(learner.update(groups, 0)))
        expect(Number.isFinite(value), metric).toBe(true);
    }
    expect(bandit.parameters.values.every((value) => value === 0)).toBe(true);
    expect(learner.version()).toBe(2);
  });

  test('excluded episodes change nothing: not the weights, not a metric to NaN', () => {
    const { bandit, learner } = run(make, 3, () => null);
    const metrics = learner.update(
      batch(learner, 9, () => null),
      0.5,
    );
    for (const probability of bandit.probabilities()) expect(probability).toBeCloseTo(0.25, 6);
    for (const [metric, value] of Object.entries(metrics)) expect(Number.isFinite(value), metric).toBe(true);
  });

  test('a group of one has nothing to be compared with, and gives numbers all the same', () => {
    const { learner } = run(make, 2);
    const single = batch(learner, 5, rewardOf).map(({ task, episodes }) => ({ task, episodes: episodes.slice(0, 1) }));
    for (const [metric, value] of Object.entries(learner.update(single, 0.5)))
      expect(Number.isFinite(value), metric).toBe(true);
  });

  test('a NaN reward is refused before any weight moves', () => {
    const { bandit, learner } = run(make, 0);
    expect(() =>
      learner.update(
        batch(learner, 0, () => Number.NaN),
        0,
      ),
    ).toThrow(/A reward is NaN/);
    expect(bandit.parameters.values.every((value) => value === 0)).toBe(true);
  });

  test('the metrics of the field are all there', () => {
    const { learner } = run(make, 1);
    const metrics = learner.update(batch(learner, 1, rewardOf), 0);
    const expected = ['entropy', 'frac_reward_zero_std', 'reward_std', 'grad_norm', 'loss', 'learning_rate'];
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(expected));
    expect(metrics['entropy']).toBeGreaterThan(1);
    expect(metrics['grad_norm']).toBeGreaterThan(0);
  });

  test('equal seeds give equal weights; restoring a save goes on to the same bits', () => {
    const whole = run(make, 12);
    expect(Buffer.from(run(make, 12).learner.save()).equals(Buffer.from(whole.learner.save()))).toBe(true);
    const bandit = makeBandit(4);
    const half = make(bandit);
    for (let i = 0; i < 5; i++) half.update(batch(half, i, rewardOf), i / 12);
    const resumedBandit = makeBandit(4);
    const resumed = make(resumedBandit);
    resumed.restore(half.save());
    expect(resumed.version()).toBe(5);
    for (let i = 5; i < 12; i++) resumed.update(batch(resumed, i, rewardOf), i / 12);
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

/** The batch with credits by turn in place of the whole reward's place at the end. */
const credited = (learner: Learner, credit: number): LearningGroup[] =>
  batch(learner, 0, rewardOf).map(({ task, episodes }) => {
    return { task, episodes: episodes.map((episode, i) => ({ ...episode, credits: [credit * (i % 2)] })) };
  });

describe.each(learners.filter(([name]) => ['a2c', 'ppo', 'step-grpo'].includes(name)))('%s', (_, make) => {
  test('credits by turn are taken and counted', () => {
    const { bandit, learner } = run(make, 0);
    expect(learner.update(credited(learner, 1), 0)['credited']).toBe(1);
    expect(learner.update(batch(learner, 1, rewardOf), 0)['credited']).toBe(0);
    expect(bandit.parameters.values.some((value) => value !== 0)).toBe(true);
  });

  test('a credit that is no number is refused before any weight moves', () => {
    const { bandit, learner } = run(make, 0);
    expect(() => learner.update(credited(learner, Number.NaN), 0)).toThrow(/A reward is NaN/);
    expect(bandit.parameters.values.every((value) => value === 0)).toBe(true);
  });
});

describe.each(rewarded)('%s', (_, make) => {
  test('equal rewards move no probability away from the most uncertain policy', () => {
    const { bandit } = run(make, 30, () => 0.1);
    for (const probability of bandit.probabilities()) expect(probability).toBeCloseTo(0.25, 5);
  });
});

test('every metric and every setting is explained in docs/learners.md', () => {
  const page = readFileSync(new URL('../../docs/learners.md', import.meta.url), 'utf8');
  for (const [name, make, defaults] of learners.filter(([one]) => one !== ownLearner)) {
    const { learner } = run(make, 1);
    // `entropy_arm` stands for all the heads that a policy may have.
    const metrics = Object.keys(learner.update(batch(learner, 1, rewardOf), 0)).filter((one) => one !== 'entropy_arm');
    for (const word of [name, ...metrics, ...Object.keys(defaults)])
      expect(page, `${name}: ${word}`).toContain(`\`${word}\``);
  }
});
