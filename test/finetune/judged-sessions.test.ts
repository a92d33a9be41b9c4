import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { RewardComponent } from '../../core/reward-types.ts';
import type { Suite, Task, WorldPool } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { judgedRewards, type Judging } from '../../finetune/ors/judged-rewards.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { eventually } from '../envs/processes.ts';
import { ask, open, served, solution } from './served.ts';
import { openStub, stubJudge } from './stub-judge.ts';

let pool: WorldPool;
let suite: Suite;
beforeAll(async () => {
  pool = openWorldPool({ lanes: 4 });
  suite = await suiteNamed('smoke');
});
afterAll(() => pool.dispose());

const componentsIn = (metadata: object) =>
  (metadata as { reward_components: readonly RewardComponent[] | null }).reward_components;
const valueOf = (components: readonly RewardComponent[] | null) =>
  (components ?? []).reduce((sum, { weight, score }) => sum + weight * (score ?? NaN), 0);
const judging = (judge: Judging['judge'], told: string[] = []): Judging => ({
  judge,
  clock: () => performance.now(),
  told: (sentence) => told.push(sentence),
});

test('by code a rubric reward comes as its components; other rewards are no sum', async () => {
  const server = await served({ pool, rewards: codeRewards('rubric') });
  const { reward, metadata } = await (await open(server, 'test', 0)).call('finish', {});
  const [task] = suite.tasks('test', 1);
  expect(componentsIn(metadata)?.map(({ criterion }) => criterion)).toEqual(task?.rubric.criteria.map(({ id }) => id));
  expect(reward).toBeCloseTo(valueOf(componentsIn(metadata)), 12);
  expect(metadata['excluded']).toBeNull();
  const sparse = await served({ pool });
  expect((await (await open(sparse, 'test', 0)).call('finish', {})).metadata['reward_components']).toBeNull();
});

const failing = () => Promise.reject(new Error('the server is down'));
const unreachable = () => Promise.reject(new UsageError('Nobody listens there. Start the server.'));

describe('a judge of a language model', () => {
  test('rewards each session by one question a criterion; truth and code’s rewards stand beside', async () => {
    const stub = await stubJudge((_, number) => (number % 2 === 0 ? 'no' : 'yes'));
    const judge = await openStub(`${stub.name}&scope=criterion`, suite, {}, { cacheFolder: temporaryFolder() });
    const server = await served({ pool, rewards: judgedRewards(judging(judge)) });
    const [task] = suite.tasks('test', 1) as [Task];
    const session = await open(server, 'test', 0);
    let last;
    for (const [name, input] of solution(task)) last = await session.call(name, input);
    const { length } = task.rubric.criteria;
    expect(stub.questions()).toBe(length);
    const scores = task.rubric.criteria.map((_, index) => (index + 1) % 2);
    expect(Object.values(last?.metadata['criteria'] ?? {})).toEqual(scores);
    expect(last?.reward).toBeCloseTo(valueOf(componentsIn(last?.metadata ?? {})), 12);
    expect(last?.reward).toBeLessThan(1);
    expect(last?.metadata).toMatchObject({ verified: true, rewards: { sparse: 1, rubric: 1 } });
    const [recorded] = server.trajectories();
    expect(recorded).toMatchObject({ rewards: { rubric: 1 }, judged: { reward: last?.reward } });
    expect(recorded?.judged?.verdicts.map(({ criterion }) => criterion)).toEqual(
      task.rubric.criteria.map(({ id }) => id),
    );

    // The same episode again is answered by the cache.
    const again = await open(server, 'test', 0);
    for (const [name, input] of solution(task)) last = await again.call(name, input);
    expect([stub.questions(), last?.reward]).toEqual([length, recorded?.judged?.reward]);
    expect(judge.costs?.()).toMatchObject({ calls: length, cachedCalls: length });
  });

  test('keeps nobody waiting but the client of its session, whose world is free for the next', async () => {
    const held = Promise.withResolvers<void>();
    const stub = await stubJudge(() => (response) => {
      void held.promise.then(() => response.writeHead(400, { 'content-type': 'application/json' }).end('{}'));
    });
    const rewards = judgedRewards(judging(await openStub(stub.name, suite)));
    const server = await served({ pool, sessions: 1, rewards });
    const first = await open(server, 'test', 0);
    const waiting = first.call('finish', {});
    expect(await eventually(() => server.counts().judging === 1)).toBe(true);
    const second = await open(server, 'test', 1);
    expect(second.created.status).toBe(200);
    expect(await second.call('list_servers', {})).toMatchObject({ ok: true });
    expect(server.counts()).toMatchObject({ open: 2, running: 1, judging: 1, recorded: 0 });
    expect(await first.call('leave_unfinished', {})).toMatchObject({ ok: false, reason: 'episode_finished' });
    held.resolve();
    const end = await waiting;
    expect(end).toMatchObject({ ok: true, finished: true, reward: null, metadata: { reward_components: null } });
    expect(end.metadata['excluded']).toMatch(/^nothing that the reward needs was scored, first because: .*400/);
    expect(server.counts()).toMatchObject({ judging: 0, recorded: 1, unjudged: 1, void: 0 });
  });

  test('that is gone costs eight episodes, which are recorded; then sessions are refused with cause and cure', async () => {
    const stub = await stubJudge();
    const judge = await openStub(stub.name, suite);
    const told: string[] = [];
    const server = await served({
      pool,
      rewards: judgedRewards(judging({ ...judge, source: failing }, told)),
    });
    const ends = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => (await open(server, 'test', index)).call('finish', {})),
    );
    expect(ends.map(({ reward, finished }) => [reward, finished])).toEqual(ends.map(() => [null, true]));
    const ninth = await open(server, 'test', 8);
    const sentence =
      /^The judge openai:stub\S* .* failed on 96 of the last 96 questions, first because: the server is down\. Make it answer again, then re-run the same command to resume\.$/;
    expect(ninth.created).toMatchObject({ status: 503, body: { detail: expect.stringMatching(sentence) as string } });
    expect(told).toEqual([expect.stringMatching(sentence)]);
    expect(server.counts()).toMatchObject({ recorded: 8, unjudged: 8, void: 0 });
    for (const { judged } of server.trajectories()) {
      expect(judged).toMatchObject({ reward: null });
      expect(judged?.verdicts.every((one) => one.state === 'unscored' && one.cause === 'failed')).toBe(true);
    }
  });

  test('whose endpoint is gone costs the episodes that wait for it, and no session more', async () => {
    const stub = await stubJudge();
    const judge = await openStub(stub.name, suite);
    const server = await served({
      pool,
      rewards: judgedRewards(judging({ ...judge, source: unreachable })),
    });
    const sessions = [await open(server, 'test', 0), await open(server, 'test', 1)];
    const ends = await Promise.all(sessions.map((session) => session.call('finish', {})));
    expect(ends.map(({ reward, metadata }) => [reward, metadata['excluded']])).toEqual(
      ends.map(() => [null, expect.stringMatching(/first because: Nobody listens there/) as string]),
    );
    expect((await open(server, 'test', 2)).created).toMatchObject({
      status: 503,
      body: {
        detail: expect.stringMatching(
          /^The judge that rewards the training answers no more\. Nobody listens there\. Start the server\. Make it answer/,
        ) as string,
      },
    });
    expect(server.counts()).toMatchObject({ recorded: 2, unjudged: 2 });
  });

  test('that is at work when the server ends loses no session', async () => {
    const stub = await stubJudge(() => () => undefined);
    const rewards = judgedRewards(judging(await openStub(stub.name, suite)));
    const server = await served({ pool, rewards });
    const waiting = (await open(server, 'test', 0)).call('finish', {});
    expect(await eventually(() => server.counts().judging === 1)).toBe(true);
    await server.close();
    expect(await waiting).toMatchObject({ reward: null, finished: true });
    const [recorded] = server.trajectories();
    expect(recorded).toMatchObject({
      outcome: { kind: 'terminated' },
      success: { verified: false },
      judged: { reward: null },
    });
    expect(recorded?.judged?.verdicts[0]).toMatchObject({
      reason: 'the server was stopped before the judge had answered',
    });
  });

  test('is not asked of a void episode', async () => {
    const stub = await stubJudge();
    const rewards = judgedRewards(judging(await openStub(stub.name, suite)));
    const server = await served({ pool, rewards, unheardSeconds: 0.3 });
    await open(server, 'test', 0);
    expect(await eventually(() => server.counts().recorded === 1)).toBe(true);
    expect(server.counts()).toMatchObject({ void: 1, unjudged: 0 });
    expect([stub.questions(), server.trajectories()[0]?.judged?.reward]).toEqual([0, null]);
  });

  test('by a formula that is no sum has a reward without components', async () => {
    const stub = await stubJudge();
    const judge = await openStub(stub.name, suite, { formula: 'gated', rubric: 'end-state' });
    const server = await served({ pool, rewards: judgedRewards(judging(judge)) });
    const end = await (await open(server, 'test', 0)).call('finish', {});
    expect([end.reward, end.metadata['reward_components']]).toEqual([1, null]);
    expect((await ask(server, 'GET', '/health')).body).toMatchObject({ toolstone: { judging: 0, unjudged: 0 } });
  });
});
