import { expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { JobMessage, JobTools } from '../../core/run/episode.ts';
import { runJob } from '../../core/run/job.ts';
import type { Job, Learner, LearningGroup, LearningPoint, Training } from '../../core/run-types.ts';
import { earned } from '../../core/run/reward-source.ts';
import type { Judged, RewardSource, ScoredTrajectory, Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { tinyTask } from '../models/tiny-world.ts';
import { finishing, tinyTools } from './tiny-tools.ts';

const training: Training = {
  reward: 'rubric',
  judge: { name: 'hand', rubric: 'plan', formula: 'weight-proportional', thresholds: 'strict', unfit: 'accept' },
  algorithm: 'none',
  episodes: 8,
  groupSize: 2,
  groupsPerUpdate: 2,
  evaluateEvery: 4,
  validationTasks: 1,
  recordEvery: 1,
};
const job: Job = {
  name: 'judged/seed-1',
  rows: {},
  seed: 1,
  policy: 'finisher',
  view: 'eager',
  training,
  evaluations: [{ split: 'test', tasks: 2 }],
};

/** A training whose learner keeps what it is given, rewarded by `judge`. */
async function trained(
  judge: RewardSource | null,
  of: Training = training,
  byCode: (task: Task, trajectory: Trajectory) => ScoredTrajectory = score,
) {
  const given: LearningGroup[][] = [];
  const messages: JobMessage[] = [];
  const learner: Learner = {
    name: 'none',
    policy: finishing,
    version: () => given.length,
    update: (groups) => {
      given.push([...groups]);
      return {};
    },
    save: () => new Uint8Array(),
    restore: () => undefined,
  };
  const tasks = [0, 1, 2, 3].map((index) => ({ ...tinyTask, id: `tiny/notes/${index}` }));
  const emit: JobTools['emit'] = (message) => messages.push(message);
  const tools = { ...tinyTools(tasks), lanes: 3, score: byCode, judge, learner, emit };
  await runJob({ ...job, training: of }, tools);
  const points = messages.flatMap((one) => (one.kind === 'checkpoint' ? one.learning : []));
  return {
    given,
    points: points.map((line) => JSON.parse(line) as LearningPoint),
    episodes: messages.flatMap((one) => (one.kind === 'episode' ? [JSON.parse(one.line) as ScoredTrajectory] : [])),
    phases: messages.flatMap((one) => (one.kind === 'timing' ? [one.timing.phase] : [])),
  };
}

const failed = { criterion: 'a', state: 'unscored', reason: 'the server is down', cause: 'failed' } as const;

/** Gives the members of a group .25, .5 …, and keeps what it was shown. */
function handJudge() {
  const shown: string[][] = [];
  const source: RewardSource = async (_, group) => {
    shown.push(group.map(({ key }) => `${key.phase} ${key.task} ${key.repetition}`));
    return group.map((_one, member): Judged => ({ verdicts: [], reward: (member + 1) / 4, variance: 0.01 * member }));
  };
  return { shown, source };
}

test('the learner gets the judge’s rewards of whole groups with their variance; truth and code’s rewards stay', async () => {
  const { shown, source } = handJudge();
  const { given, points, episodes, phases } = await trained(source);
  expect(shown.filter(([first]) => first?.startsWith('train')).map((group) => group.length)).toEqual([2, 2, 2, 2]);
  expect(given).toHaveLength(2);
  for (const { episodes: members } of given.flat()) {
    expect(members.map(({ reward, judgeVariance }) => [reward, judgeVariance])).toEqual([
      [0.25, 0],
      [0.5, 0.01],
    ]);
  }
  // The tiny world asks for nothing, so that every episode is a success.
  expect(points[0]?.metrics).toMatchObject({
    verified: 1,
    reward_sparse: 1,
    reward_judged: 0.375,
    unjudged_episodes: 0,
  });
  expect(points[0]?.metrics['proxy_truth_gap']).toBeCloseTo(-0.625, 12);
  expect(episodes.map(({ key, judged }) => [key.phase, judged?.reward])).toEqual([
    ['validation@0', undefined],
    ['validation@4', undefined],
    ['validation@8', undefined],
    ['test', 0.25],
    ['test', 0.25],
  ]);
  expect(phases.filter((one) => one.startsWith('judge'))).toEqual(['judge@4', 'judge@8']);
});

const scoredVerdict = { criterion: 'b', state: 'scored', score: 1 } as const;

test('an episode that the judge could not score is left out and counted, never zero', async () => {
  const { given, points } = await trained(async (_, group) =>
    group.map((_one, member): Judged =>
      member === 0 ? { verdicts: [failed, scoredVerdict], reward: null } : { verdicts: [scoredVerdict], reward: 1 },
    ),
  );
  expect(given.flat().map(({ episodes }) => episodes.map(({ reward }) => reward))).toEqual(
    Array.from({ length: 4 }, () => [null, 1]),
  );
  expect(points[0]?.metrics).toMatchObject({ reward_judged: 1, unjudged_episodes: 2, proxy_truth_gap: 0 });
});

/** Scores members of a group of five apart by code where the task is among the varied ones. */
const scoredApart =
  (isVaried: (task: Task) => boolean) =>
  (task: Task, trajectory: Trajectory): ScoredTrajectory => {
    const scored = score(task, trajectory);
    const rubric = isVaried(task) ? ([0.1, 0.2, 1, 0.6, 0.7][trajectory.key.repetition] ?? null) : 0.5;
    return { ...scored, rewards: { ...scored.rewards, rubric } };
  };

test('sign flips are counted against code’s rubric where that tells episodes apart, and the learner is not told', async () => {
  // Less the mean .4 of the four that the judge scores, code says − − + +, the judge + − − +.
  const judged = [0.5, 0.1, null, 0.1, 0.9];
  const judge: RewardSource = async (_, group) =>
    group.map((_one, member): Judged => ({ verdicts: [], reward: judged[member] ?? null }));
  const of = { ...training, episodes: 10, groupSize: 5 };
  const half = await trained(
    judge,
    of,
    scoredApart(({ id }) => id.endsWith('/0')),
  );
  expect(half.points.map(({ metrics }) => metrics['sign_flips'])).toEqual([0.5]);
  expect(half.given.flat().map(({ episodes }) => episodes.map(({ reward }) => reward))).toEqual([judged, judged]);
  // Asked for another rubric, it is measured by what code says of that one: here it errs in nothing.
  const sameByCode: RewardSource = async (task, group, signal) =>
    (await judge(task, group, signal)).map((one) => ({ ...one, byCode: one.reward }));
  const right = await trained(
    sameByCode,
    of,
    scoredApart(() => true),
  );
  expect(right.points.map(({ metrics }) => metrics['sign_flips'])).toEqual([0]);
  const level = await trained(
    judge,
    of,
    scoredApart(() => false),
  );
  expect(level.points[0]?.metrics, 'code tells nothing apart').not.toHaveProperty('sign_flips');
});

test('a judge that disappears ends the training with cause and cure, before the learner learns from nothing', async () => {
  let calls = 0;
  const lost: RewardSource = async (_, group) => {
    calls += 1;
    return group.map((): Judged => (calls > 2 ? { verdicts: [failed], reward: null } : { verdicts: [], reward: 1 }));
  };
  const ended = trained(lost);
  await expect(ended).rejects.toThrow(UsageError);
  await expect(ended).rejects.toThrow(
    /The judge hand .* failed on 4 of the last 4 questions, first because: the server is down\. Make it answer again, then re-run the same command to resume\.$/,
  );
});

/** Episodes of split `train` that are sampled for a trainer elsewhere. */
async function sampledFor(judge: RewardSource, count: number) {
  const { judge: asked } = training;
  const tasks = Array.from({ length: count }, (_, index) => ({ ...tinyTask, id: `tiny/notes/${index}` }));
  const episodes: ScoredTrajectory[] = [];
  const emit: JobTools['emit'] = (one) => {
    if (one.kind === 'episode') episodes.push(JSON.parse(one.line) as ScoredTrajectory);
  };
  const sampling: Job = {
    ...job,
    training: null,
    ...(asked ? { judge: asked } : {}),
    evaluations: [{ split: 'train', tasks: count }],
  };
  const run = runJob(sampling, { ...tinyTools(tasks), lanes: 1, score, judge, evaluated: finishing, emit });
  return { run, episodes };
}

test('what is sampled for a trainer elsewhere is judged, and a judge that disappears ends it after eight episodes', async () => {
  const { run, episodes } = await sampledFor(handJudge().source, 3);
  await run;
  expect(episodes.map(({ judged }) => judged?.reward)).toEqual([0.25, 0.25, 0.25]);
  const lost = await sampledFor(async (_, group) => group.map(() => ({ verdicts: [failed], reward: null })), 20);
  await expect(lost.run).rejects.toThrow(
    /The judge hand .* failed on 8 of the last 8 questions, first because: the server is down\. .*to resume\.$/,
  );
  expect(lost.episodes).toHaveLength(7);
});

test('without a judge the rewards are code’s, and nothing is judged', async () => {
  const { judge: _, ...byCode } = training;
  const { given, points, episodes } = await trained(null, { ...byCode, reward: 'sparse' });
  expect(given.flat().flatMap(({ episodes: own }) => own)).toEqual(
    Array.from({ length: 8 }, () => expect.objectContaining({ reward: 1 })),
  );
  expect(given.flat().flatMap(({ episodes: own }) => own.filter((one) => 'judgeVariance' in one))).toEqual([]);
  expect(points[0]?.metrics['proxy_truth_gap']).toBe(0);
  expect(points[0]?.metrics).not.toHaveProperty('reward_judged');
  expect(episodes.some((one) => 'judged' in one)).toBe(false);
});

test('what a policy earns is what its judge says, also where success is for that judge to say, and nothing of a void episode', () => {
  const rewards = { sparse: 1, 'state-share': 0.5, rubric: 0.25 };
  const none = { sparse: null, 'state-share': null, rubric: null };
  const { judge: _, ...byCode } = training;
  expect(earned(byCode, { rewards })).toBe(0.25);
  expect(earned({ reward: 'state-share' }, { rewards })).toBe(0.5);
  expect(earned(training, { rewards, judged: { reward: 0.75 } })).toBe(0.75);
  const open = { success: null, rewards: none, judged: { reward: 0.75 } };
  expect(earned(training, open)).toBe(0.75);
  expect([
    earned(training, { rewards, judged: { reward: null } }),
    earned(training, { rewards }),
    earned(byCode, { rewards: none }),
  ]).toEqual([null, null, null]);
});
