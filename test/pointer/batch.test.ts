import { describe, expect, test } from 'vitest';
import { behaviourCloning } from '../../baselines/learners/behaviour-cloning.ts';
import { grpo } from '../../baselines/learners/grpo.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import { GO_ON, RUN } from '../../baselines/pointer/batch-question.ts';
import { makeNetwork } from '../../baselines/pointer/network.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import { RUN_PROGRAM, type Execution } from '../../core/execution.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Action, PolicySession } from '../../core/types.ts';
import { seedOf } from '../../core/seeds.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import openEager from '../../envs/views/eager.ts';
import openNative from '../../envs/views/native.ts';
import openSearch from '../../envs/views/search.ts';
import openServer from '../../envs/views/server.ts';
import openTool from '../../envs/views/tool.ts';
import { isWhole } from '../whole.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const views = { eager: openEager, native: openNative, search: openSearch, server: openServer, tool: openTool };
const executions = ['programs', 'both'] as const;
const cases = Object.entries(views).flatMap(([name, view]) => executions.map((by) => [name, by, view] as const));
const prompt = 'Create a folder named “inbox”, then put the text “hello to all” into the new file “inbox/first.txt”.';
const plan = [
  { server: 'files', tool: 'create_folder', arguments: { path: 'inbox' }, after: [] },
  { server: 'files', tool: 'write_file', arguments: { path: 'inbox/first.txt', content: 'hello to all' }, after: [0] },
];
/** Its second value stands in no prompt: it is read first. */
const seeking = 'Read the file “door.txt”, then write the value of “color of the door” into the file “copy.txt”.';
const seekingPlan = [
  { server: 'files', tool: 'read_file', arguments: { path: 'door.txt' }, after: [] },
  { server: 'files', tool: 'write_file', arguments: { path: 'copy.txt', content: 'green' }, after: [0] },
];

const sum = (logs: readonly number[]) => logs.reduce((total, log) => total + log, 0);
const choicesOf = (session: PolicySession) => (session as PointerSession).choices;
const batchesOf = (session: PolicySession) => choicesOf(session).filter(({ question }) => question.head === 'batch');
const codeOf = ({ arguments: args }: Action) => args['code'] as string;
const callsIn = (action: Action) => (action.name === RUN_PROGRAM ? codeOf(action).split('await ').length - 1 : 0);

describe.each(cases)('in the %s view with %s', (_, execution, openView) => {
  test('all actions are understood, and their log-probabilities are those of their choices, that of what goes into a program among them', async () => {
    const { trainable } = makePointer(1, undefined, execution);
    const network = makeNetwork(1, undefined, execution);
    const sessions: PolicySession[] = [];
    let [together, without] = [0, 0];
    for (let seed = 0; seed < 4; seed++) {
      const episode = await tinyEpisode(trainable.policy, withExecution(openView, execution), prompt, seedOf(seed));
      const { session, decisions, actions, refused } = episode;
      sessions.push(session);
      expect(refused).toEqual([]);
      for (const action of actions) {
        if (execution === 'programs') expect(action.name).not.toBe('call_tool');
        else expect(callsIn(action)).not.toBe(1);
      }
      const said = sum(decisions.map(({ logProbability = Number.NaN }) => logProbability));
      const chosen = choicesOf(session).map(({ logProbability }) => logProbability);
      expect(said).toBeCloseTo(sum(chosen), 4);
      const batches = batchesOf(session).map(({ logProbability }) => logProbability);
      together += batches.length;
      without = Math.max(without, Math.abs(said - (sum(chosen) - sum(batches))));
      for (const { question, chosen: place, logProbability } of choicesOf(session))
        expect(network.logProbabilities(question)[place]).toBe(logProbability);
    }
    expect(together).toBeGreaterThan(0);
    // The planted fault: a decision that forgot this choice would be told.
    expect(without).toBeGreaterThan(0.01);
    const batch = trainable.open(sessions);
    const found = batch.logProbabilities().map((logs) => [...logs]);
    batch.close();
    expect(found).toEqual(sessions.map((one) => choicesOf(one).map(({ logProbability }) => logProbability)));
  });
});

test('without programs nothing of this is there, and with them all else begins alike', () => {
  const [calls, programs] = [makePointer(1).trainable, makePointer(1, undefined, 'programs').trainable];
  expect(programs.heads.map(({ name }) => name)).toEqual([
    ...calls.heads.map(({ name }) => name),
    'batch',
    'reference',
  ]);
  expect(programs.parameters.signature.startsWith(`${calls.parameters.signature}, batch.query`)).toBe(true);
  expect(programs.parameters.values.slice(0, calls.parameters.count)).toEqual(calls.parameters.values);
});

const imitated = (execution: Execution, words: string, calls: readonly PlannedCall[]) =>
  tinyEpisode(
    makePointer(1, undefined, execution).trainable.imitate(oracle(() => ({ plan: calls, answer: '' }))),
    withExecution(openEager, execution),
    words,
    1,
  );

const read = (path: string) => ({ server: 'files', tool: 'read_file', arguments: { path }, after: [] });
const write = (path: string, content: string) => ({ ...seekingPlan[1], arguments: { path, content } }) as never;

describe('a teacher', () => {
  test.each(executions)('whose calls are known makes one program of them, with %s', async (execution) => {
    const { session, actions, finished, world } = await imitated(execution, prompt, plan);
    expect(finished).toBe(true);
    expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, 'finish']);
    expect(world.done).toEqual(plan.map(({ tool, arguments: args }) => JSON.stringify([tool, args])));
    expect(batchesOf(session).map(({ chosen }) => chosen)).toEqual([GO_ON, RUN]);
    expect((session as PointerSession).isWithinReach?.()).toBe(true);
    expect((session as PointerSession).states).toHaveLength(2);
  });

  test.each(executions)('who must read first makes two programs, or two calls, with %s', async (execution) => {
    const { session, actions, world } = await imitated(execution, seeking, seekingPlan);
    const name = execution === 'both' ? 'call_tool' : RUN_PROGRAM;
    expect(actions.map((action) => action.name)).toEqual([name, name, 'finish']);
    expect(world.done).toEqual([JSON.stringify(['write_file', { path: 'copy.txt', content: 'green' }])]);
    expect(batchesOf(session).map(({ chosen }) => chosen)).toEqual([RUN, RUN]);
    expect((session as PointerSession).isWithinReach?.()).toBe(true);
  });

  test('who reads twice at once finds what both calls brought', async () => {
    const words =
      'Read the files “window.txt” and “door.txt”. Write the value of “color of the window” into “one.txt”, and of “color of the door” into “two.txt”.';
    const calls = [read('window.txt'), read('door.txt'), write('one.txt', 'blue'), write('two.txt', 'green')];
    const { session, actions, world } = await imitated('programs', words, calls);
    expect(actions.map(callsIn)).toEqual([2, 2, 0]);
    expect(world.done).toHaveLength(2);
    expect((session as PointerSession).isWithinReach?.()).toBe(true);
  });

  test('is imitated: the greedy policy writes its programs', async () => {
    const pointer = makePointer(3, undefined, 'programs');
    const learner = behaviourCloning(
      pointer.trainable,
      {},
      oracle(() => ({ plan, answer: '' })),
    );
    const openView = withExecution(openEager, 'programs');
    for (let update = 0; update < 30; update++) {
      const { session } = await tinyEpisode(learner.policy, openView, prompt, update);
      learner.update([{ task: 't', episodes: [{ session, reward: 1 }] }], update / 30);
    }
    const { actions, world } = await tinyEpisode(pointer.greedy, openView, prompt, 0);
    expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, 'finish']);
    expect(world.done).toHaveLength(2);
  });
});

test.runIf(isWhole)(
  'what is known goes into one program where turns are few, and what has to be read first does not',
  { timeout: 180_000 },
  async () => {
    const pointer = makePointer(8, undefined, 'programs');
    const { parameters } = pointer.trainable;
    // A start that runs nearly every program with one call: its first scalar counts for nothing else.
    parameters.values[(parameters.tensor('batch.linear').pointer - parameters.tensor('embedding').pointer) / 4] = 5;
    const learner = grpo(pointer.trainable);
    const openView = withExecution(openEager, 'programs');
    const names = ['inbox', 'photos', 'letters', 'bills', 'travel', 'garden', 'music', 'taxes'];
    const tasks = (n: number) => {
      const [one, two, three] = [0, 3, 5].map((step) => `${names[(n + step) % 8]}-${n}`);
      const made = [one, two, three].map((path) => JSON.stringify(['create_folder', { path }]));
      const copied = JSON.stringify(['write_file', { path: `${one}.txt`, content: 'green' }]);
      return [
        { asked: `Create the folders “${one}”, “${two}” and “${three}”.`, goal: made, turns: 2 },
        { asked: seeking.replace('copy', `${one}`), goal: [copied], turns: 3 },
      ];
    };
    type Asked = ReturnType<typeof tasks>[number];
    const rewardOf = (
      { world, finished, decisions }: Awaited<ReturnType<typeof tinyEpisode>>,
      { goal, turns }: Asked,
    ) => {
      if (!finished || decisions.length > turns) return 0;
      const wrong = world.done.filter((one) => !goal.includes(one)).length;
      return Math.max(0, goal.filter((one) => world.done.includes(one)).length / goal.length - wrong / 4);
    };
    const solved = async () => {
      const counts = [0, 0];
      for (let n = 1000; n < 1004; n++)
        for (const [i, task] of tasks(n).entries())
          if (rewardOf(await tinyEpisode(pointer.greedy, openView, task.asked, 0), task) === 1)
            counts[i] = (counts[i] ?? 0) + 1;
      return counts;
    };
    const before = await solved();
    expect(before[0], 'untrained').toBeLessThan(3);
    const updates = 16;
    for (let update = 0; update < updates; update++) {
      const groups = [];
      for (const task of tasks(update)) {
        const episodes = [];
        for (let member = 0; member < 8; member++) {
          const episode = await tinyEpisode(learner.policy, openView, task.asked, seedOf('train', update, member));
          episodes.push({ session: episode.session, reward: rewardOf(episode, task) });
        }
        groups.push({ task: task.asked, episodes });
      }
      learner.update(groups, update / updates);
    }
    expect(await solved(), 'unseen instances solved of 4 each').toEqual([4, 4]);
  },
);
