import { expect, test } from 'vitest';
import { potentialsOf, returnsToGo, shapedCredits } from '../../core/run/credit.ts';
import type { Job, Learner, LearningGroup, Training } from '../../core/run-types.ts';
import { train } from '../../core/run/train.ts';
import { score } from '../../judges/reward/rewards.ts';
import { episode, finishTurn, loadFolder, loadWrite, task, wholePlan } from '../judges/episodes.ts';
import { finishing, tinyTools } from './tiny-tools.ts';

test('criteria met so far rise with each right act and not with a needless one', () => {
  const right = potentialsOf(task, episode([...wholePlan, finishTurn]), score) ?? [];
  expect(right).toHaveLength(5);
  expect(right[0]).toBe(0);
  right.slice(1).forEach((potential, i) => expect(potential, `turn ${i + 1}`).toBeGreaterThan(right[i] ?? 1));
  expect(right.at(-1)).toBeLessThan(1);
  const again = potentialsOf(task, episode([loadFolder, loadFolder, loadWrite]), score) ?? [];
  expect(again[2]).toBeLessThanOrEqual(again[1] ?? 0);
});

test('the end state is not read before the end', () => {
  const turns = [...wholePlan, finishTurn];
  const untouched = potentialsOf(task, episode(turns), score);
  expect(potentialsOf(task, episode(turns, { evidence: task.initial }), score)).toEqual(untouched);
});

test('credits with γ = 1 sum to the reward less the first potential; their returns to go leave out what was earned', () => {
  const credits = shapedCredits(0.9, [0.1, 0.4, 0.3], 1);
  [0.3, -0.1, 0.6].forEach((credit, turn) => expect(credits[turn]).toBeCloseTo(credit, 12));
  [0.8, 0.5, 0.6].forEach((left, turn) => expect(returnsToGo(credits, 1)[turn]).toBeCloseTo(left, 12));
  [0.5 * 0.4 - 0.1, 0.5 * 0.3 - 0.4, 0.6].forEach((credit, turn) =>
    expect(shapedCredits(0.9, [0.1, 0.4, 0.3], 0.5)[turn]).toBeCloseTo(credit, 12),
  );
  expect(shapedCredits(0.9, [], 1)).toEqual([]);
});

const training: Training = {
  reward: 'sparse',
  algorithm: 'none',
  episodes: 2,
  groupSize: 2,
  groupsPerUpdate: 1,
  evaluateEvery: 2,
  validationTasks: 0,
  recordEvery: 1,
};
const job: Job = { name: 'j', rows: {}, seed: 1, policy: 'p', view: 'eager', training, evaluations: [] };

/** What the loop hands to a learner that wants credits with this weight, or that wants none. */
async function given(shaping: Learner['shaping'], of: Training = training): Promise<LearningGroup[]> {
  const groups: LearningGroup[] = [];
  const learner: Learner = {
    name: 'none',
    policy: finishing,
    version: () => 0,
    ...(shaping ? { shaping } : {}),
    update: (all) => {
      groups.push(...all);
      return {};
    },
    save: () => new Uint8Array(),
    restore: () => undefined,
  };
  const tasks = [0, 1, 2].map((i) => ({ ...task, id: `hand/made/train/${i}` }));
  await train(job, of, { ...tinyTools(tasks), learner });
  return groups;
}

test('the loop credits turns for learners that ask, and for no other', async () => {
  const [plain] = await given(undefined);
  expect(plain?.episodes[0]).not.toHaveProperty('credits');
  const [credited] = await given({ gamma: 1, weight: 0.5 });
  const { reward, credits } = credited?.episodes[0] ?? {};
  expect(credits).toHaveLength(1);
  expect(reward).not.toBeNull();
  // One turn: its credit is the reward less half of what the rubric gives for having done nothing.
  expect(credits?.[0]).toBeLessThanOrEqual(reward ?? -1);
});

test('credit by code’s verdicts is refused where another judge rewards', async () => {
  const judge = { name: 'panel', formula: 'weight-proportional', thresholds: 'strict', unfit: 'accept' };
  const judged = { ...training, reward: 'rubric', judge } as Training;
  await expect(given({ gamma: 1, weight: 1 }, judged)).rejects.toThrow(
    /rewarded otherwise, by panel, must not see.*--judge/,
  );
});
