import { expect, test } from 'vitest';
import type { JobMessage, JobTools } from '../../core/run/episode.ts';
import { learningCurves } from '../../core/run/learning-curves.ts';
import type { Job, Learner, Training } from '../../core/run-types.ts';
import { train } from '../../core/run/train.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { task } from '../judges/episodes.ts';
import { finishing, tinyTools } from './tiny-tools.ts';

const training: Training = {
  reward: 'sparse',
  algorithm: 'none',
  episodes: 16,
  groupSize: 2,
  groupsPerUpdate: 2,
  evaluateEvery: 4,
  validationTasks: 3,
  recordEvery: 1,
};

/** Plans of one to five calls, so that an order by length shows. */
const tasks = (count: number): Task[] =>
  Array.from({ length: count }, (_, i) => ({
    ...task,
    id: `hand/made/train/${i}`,
    plan: Array.from({ length: 1 + ((i * 3) % 5) }, () => task.plan[0]).filter((call) => call !== undefined),
  }));

/** Runs the loop with a learner that solves everything once it has had `solvedAfter` updates; tells what happened. */
async function trained(options: Partial<Training>, more: Partial<JobTools> = {}, solvedAfter = Infinity) {
  const messages: JobMessage[] = [];
  const order: string[] = [];
  let updates = 0;
  const learner: Learner = {
    name: 'none',
    policy: finishing,
    version: () => updates,
    update: (groups) => {
      order.push(...groups.map((group) => group.task));
      updates += 1;
      return {};
    },
    save: () => Uint8Array.of(updates),
    restore: ([saved = 0]) => {
      updates = saved;
    },
  };
  const given = { ...training, ...options };
  const job: Job = {
    name: 'j/seed-1',
    rows: {},
    seed: 1,
    policy: 'p',
    view: 'eager',
    training: given,
    evaluations: [],
  };
  const tools: JobTools = {
    ...tinyTools(tasks(64)),
    score: (one, trajectory): ScoredTrajectory => {
      const verified = updates >= solvedAfter;
      return { ...score(one, trajectory), success: { verified, properFinish: verified } };
    },
    learner,
    emit: (message) => void messages.push(message),
    ...more,
  };
  await train(job, given, tools);
  const points = new Set(messages.flatMap((one) => (one.kind === 'episode' ? [one.key.phase] : [])));
  const progress = messages.reduce((sum, one) => sum + (one.kind === 'progress' ? one.episodes : 0), 0);
  return { updates, order, points: [...points], progress, messages, job };
}

test('a curriculum orders the first half of the budget by length and leaves the second as drawn', async () => {
  const lengthOf = new Map(tasks(64).map(({ id, plan }) => [id, plan.length]));
  const lengths = (ids: readonly string[]) => ids.map((id) => lengthOf.get(id) ?? 0);
  const drawn = await trained({ episodes: 32 });
  const sorted = await trained({ episodes: 32, curriculum: 'short-first' });
  const half = drawn.order.length / 2;
  expect(lengths(sorted.order.slice(0, half))).toEqual(lengths(drawn.order.slice(0, half)).sort((a, b) => a - b));
  expect(lengths(drawn.order)).not.toEqual(lengths(sorted.order));
  expect(sorted.order.slice(half)).toEqual(drawn.order.slice(half));
  expect([...sorted.order].sort()).toEqual([...drawn.order].sort());
});

test('chosen families are trained on, demonstrated and nothing else; the curve is over all of them', async () => {
  const asked: string[] = [];
  const { suite } = tinyTools(tasks(64));
  const telling: JobTools['suite'] = {
    ...suite,
    tasks: (split, count, families) => {
      asked.push(`${split}: ${families?.join(', ') ?? 'all'}`);
      return suite.tasks(split, count);
    },
  };
  const cloner: Learner = {
    name: 'cloner',
    policy: finishing,
    version: () => 0,
    update: () => ({}),
    save: () => new Uint8Array(),
    restore: () => undefined,
  };
  await trained({ families: ['made', 'found'], warmStart: 4 }, { suite: telling, cloner });
  expect(new Set(asked)).toEqual(new Set(['train: made, found', 'validation: all']));
});

test('what a judge’s model was asked stands with the seconds that it took, point by point', async () => {
  let calls = 7;
  const judge: JobTools['judge'] = async (_task, episodes) => {
    calls += 3;
    return episodes.map(() => ({ verdicts: [], reward: 0 }));
  };
  const judgeCosts = () => ({ calls, cachedCalls: 0, promptTokens: 100 * calls, outputTokens: calls });
  const { messages } = await trained({ reward: 'rubric' }, { judge, judgeCosts });
  const timings = messages.flatMap((one) => (one.kind === 'timing' && one.timing.judge ? [one.timing] : []));
  expect(timings.map(({ phase }) => phase)).toEqual([4, 8, 12, 16].map((episodes) => `judge@${episodes}`));
  for (const timing of timings)
    expect(timing.judge).toEqual({ calls: 6, cachedCalls: 0, promptTokens: 600, outputTokens: 6 });
});

test('a training ends at the first point that solves enough, and counts what it was spared', async () => {
  const whole = await trained({});
  expect(whole.updates).toBe(4);
  const early = await trained({ stopAt: 0.9 }, {}, 2);
  expect(early.updates).toBe(2);
  expect(early.points).toEqual(['validation@0', 'validation@4', 'validation@8']);
  expect(early.progress).toBe(whole.progress);
  expect(early.messages.findLast((one) => one.kind === 'checkpoint')).toMatchObject({ update: 2, isOver: true });
});

const isDone: JobTools['isDone'] = ({ phase }) => phase !== 'train';

test('one that is resumed ends at the same point, and writes no episode of it twice', async () => {
  const resume = { update: 2, episodes: 8, state: Uint8Array.of(2) };
  const again = await trained({ stopAt: 0.9 }, { resume, isDone }, 2);
  expect(again.updates).toBe(2);
  expect(again.points).toEqual([]);
});

test('a warm start imitates its own number of episodes, one a task, and is not repeated where a training goes on', async () => {
  const seen: number[] = [];
  const cloner: Learner = {
    name: 'cloner',
    policy: finishing,
    version: () => 0,
    update: (groups) => {
      seen.push(groups.length);
      expect(groups.every(({ episodes }) => episodes.length === 1)).toBe(true);
      return {};
    },
    save: () => new Uint8Array(),
    restore: () => undefined,
  };
  const plain = await trained({});
  const warm = await trained({ warmStart: 10 }, { cloner });
  expect(seen).toEqual([4, 4, 2]);
  expect(warm.order).toEqual(plain.order);
  expect(warm.progress).toBe(plain.progress + 10);
  await trained({ warmStart: 10 }, { cloner, resume: { update: 2, episodes: 8, state: Uint8Array.of(2) } });
  expect(seen).toHaveLength(3);
});

test('the curve of the terminal has a bar for each point', async () => {
  const { messages, job } = await trained({}, {}, 2);
  const curves = learningCurves([job]);
  const episodes = messages.filter((message) => message.kind === 'episode');
  for (const message of episodes.slice(0, training.validationTasks - 1)) curves.add(message);
  expect(curves.of('j/seed-1'), 'half a point says nothing').toBe('');
  for (const message of episodes.slice(training.validationTasks - 1)) curves.add(message);
  expect(curves.of('j/seed-1')).toBe('▁▁███ 1.00');
});
