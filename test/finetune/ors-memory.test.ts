import { expect, test } from 'vitest';
import { defaultLimits } from '../../core/run/limits.ts';
import type { EpisodeTools } from '../../core/run/episode.ts';
import type { RewardSource } from '../../core/trajectory.ts';
import type { WorldPool } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { openCatalogue } from '../../finetune/ors/catalogue.ts';
import { MOST_KEPT_CALLS } from '../../finetune/ors/session.ts';
import { MOST_ENDED_SESSIONS, MOST_JUDGED_SESSIONS, openSessions } from '../../finetune/ors/sessions.ts';
import type { RestingPool } from '../../finetune/ors/resting-pool.ts';
import { judgedRewards } from '../../finetune/ors/judged-rewards.ts';
import { codeRewards, type SessionRewards } from '../../finetune/ors/session-rewards.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { job } from './served.ts';
import { openStub, stubJudge } from './stub-judge.ts';

/** A world that answers every call and costs nothing. */
const emptyPool: WorldPool = {
  use: async (_, __, work) =>
    work({
      toolspace: { servers: [], tools: [] },
      root: '/nowhere',
      startHash: '',
      call: async () => ({ text: 'done', isError: false }),
      evidence: async () => ({}),
      inspect: async () => Promise.reject(new Error('nothing to look at')),
    }),
  factsOf: () => ({}),
  toolspaceOf: () => ({ servers: [], tools: [] }),
  dispose: async () => undefined,
};

async function manySessions(rewards: SessionRewards = codeRewards('sparse'), most = 4) {
  const suite = await suiteNamed('smoke');
  const pool: RestingPool = { ...emptyPool, restAfter: () => undefined };
  const tools: Omit<EpisodeTools, 'signal' | 'pool'> & { readonly pool: RestingPool } = {
    suite,
    openView: toolView,
    limits: defaultLimits,
    pool,
  };
  const told: string[] = [];
  let kept = 0;
  const sessions = openSessions({
    job,
    tools,
    rewards,
    most,
    unheardSeconds: 600,
    told: (sentence) => told.push(sentence),
    record: {
      nextRepetition: () => 0,
      keep: () => kept++,
      counts: () => ({ recorded: kept, void: 0 }),
      close: () => undefined,
    },
  });
  const place = openCatalogue({ suite, tasks: 1, openView: toolView }).at('test', 0);
  return { sessions, place, told };
}

test('10,000 sessions that nobody closes leave a bounded number behind, and ids are counted, not kept', async () => {
  const { sessions, place, told } = await manySessions();
  const ids: string[] = [];
  for (let number = 0; number < 10_000; number++) {
    const id = sessions.newId();
    ids.push(id);
    await sessions.create(id, place);
    const session = await sessions.find(id);
    await session.call('finish', { answer: null }, undefined).answer;
    while (!session.isOver()) await new Promise(setImmediate);
  }
  expect(told).toEqual([]);
  const { open, opened, recorded } = sessions.counts();
  expect({ opened, recorded }).toEqual({ opened: 10_000, recorded: 10_000 });
  expect(open).toBeLessThanOrEqual(MOST_ENDED_SESSIONS + 2);
  await expect(sessions.find(ids[0] ?? '')).rejects.toMatchObject({ status: 410 });
  const last = await sessions.find(ids.at(-1) ?? '');
  expect(last.isOver()).toBe(true);
  for (const id of [`${ids[0]}x`, ids[0]?.replace(/-\d+$/, '-') ?? '', ids[0]?.replace(/-\d+$/, '-10000') ?? ''])
    await expect(sessions.find(id)).rejects.toMatchObject({ status: 404 });
  await sessions.close();
}, 120_000);

test('calls after the end are answered and not kept for ever; too many at once are refused', async () => {
  const { sessions, place } = await manySessions();
  const id = sessions.newId();
  await sessions.create(id, place);
  const session = await sessions.find(id);
  const waiting = Array.from({ length: 64 }, () => session.call('no_tool', {}, undefined).answer);
  expect(() => session.call('no_tool', {}, undefined)).toThrow(/64 calls of this session wait already/);
  await Promise.all(waiting);
  for (let number = 0; number < 2 * MOST_KEPT_CALLS; number++) {
    const { answer, taskId } = session.call('finish', { answer: null }, undefined);
    await answer;
    expect(session.call('finish', {}, taskId).taskId).toBe(taskId);
  }
  expect(() => session.call('finish', {}, `${id}.0`)).toThrow(/no call .*; nothing was called/);
  await sessions.close();
});

test.each([
  [MOST_JUDGED_SESSIONS, 4],
  [MOST_JUDGED_SESSIONS + 1, MOST_JUDGED_SESSIONS + 1],
])(
  'while a judge is slower than the policy %i ended episodes wait for it with %i sessions at a time; then sessions are taken again',
  async (waiting, most) => {
    const stub = await stubJudge();
    const judge = await openStub(stub.name, await suiteNamed('smoke'));
    const held = Promise.withResolvers<void>();
    const slow: RewardSource = async (_, episodes) => {
      await held.promise;
      return episodes.map(() => ({ verdicts: [], reward: 1 }));
    };
    const rewards = judgedRewards({ judge: { ...judge, source: slow }, clock: () => 0, told: () => undefined });
    const { sessions, place } = await manySessions(rewards, most);
    const create = async () => {
      const id = sessions.newId();
      await sessions.create(id, place);
      return sessions.find(id);
    };
    const answers: Promise<string>[] = [];
    while (answers.length < waiting) {
      const session = await create();
      answers.push(session.call('finish', { answer: null }, undefined).answer);
      while (sessions.counts().judging < answers.length) await new Promise(setImmediate);
    }
    await expect(create()).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining(
        `${waiting} ended episodes wait for the judge that rewards them. Try again `,
      ) as string,
      headers: { 'retry-after': '2' },
    });
    expect(sessions.counts()).toMatchObject({ running: 0, refused: 1 });
    held.resolve();
    await Promise.all(answers);
    expect((await create()).isPlayed()).toBe(false);
    await sessions.close();
  },
);
