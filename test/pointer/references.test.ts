import { afterAll, describe, expect, test } from 'vitest';
import { behaviourCloning } from '../../baselines/learners/behaviour-cloning.ts';
import { grpo } from '../../baselines/learners/grpo.ts';
import { encodeState } from '../../baselines/learning/training-state.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import { headsOf } from '../../baselines/pointer/heads.ts';
import { makeNetwork } from '../../baselines/pointer/network.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import type { Choice, PointerSession } from '../../baselines/pointer/session.ts';
import { RUN_PROGRAM, type Execution } from '../../core/execution.ts';
import type { References } from '../../core/plan.ts';
import { seedOf } from '../../core/seeds.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Action, PolicySession, Task } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import openEager from '../../envs/views/eager.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { isWhole } from '../whole.ts';
import { tinyTask } from '../models/tiny-world.ts';
import { live, story } from '../suites/live-worlds.ts';
import { tinyEpisode, type TinyEpisode } from './tiny-toolspace.ts';

const prompt = 'Read the file “door.txt”, then write the value of “color of the door” into the file “copy.txt”.';
const plan = [
  { server: 'files', tool: 'read_file', arguments: { path: 'door.txt' }, after: [] },
  { server: 'files', tool: 'write_file', arguments: { path: 'copy.txt', content: 'green' }, after: [0] },
];
const references: References = [
  { call: 1, argument: ['content'], from: 0, at: [], before: '', pattern: '^color of the door: (.*)$' },
];
const teacher = oracle(() => ({ plan, answer: '', references }));
const openPrograms = withExecution(openEager, 'programs');

const choicesOf = (session: PolicySession): readonly Choice[] => (session as PointerSession).choices;
const takingOf = (session: PolicySession) => choicesOf(session).filter(({ question }) => question.head === 'reference');
/** What is set of the candidate that was chosen. */
function saidOf(choice: Choice | undefined): readonly string[] {
  const { question, chosen } = choice as Choice;
  const width = question.scalars.length / question.candidates.length;
  const scalars = headsOf('both').find(({ name }) => name === question.head)?.scalars ?? [];
  return scalars.flatMap(([name], column) => (question.scalars[chosen * width + column] ? [name] : []));
}
const codeOf = ({ arguments: args }: Action) => (args['code'] ?? '') as string;

/** A policy of other weights for running a program with the calls that it has, and for what is known already. */
function pointerWith(seed: number, weights: { readonly batch?: number; readonly reference: number }) {
  const pointer = makePointer(seed, undefined, 'programs');
  const { parameters } = pointer.trainable;
  for (const [head, weight] of Object.entries(weights)) {
    const { pointer: first } = parameters.tensor(`${head}.linear`);
    parameters.values[(first - parameters.tensor('embedding').pointer) / 4] = weight;
  }
  pointer.trainable.changed();
  return pointer;
}

/** It likes to go on with a program, and to take from results of its own. */
const taker = (seed: number) => pointerWith(seed, { batch: -3, reference: -3 });

test('what is taken has a log-probability that can be found again, and those of a question add up to one', async () => {
  const { trainable } = taker(1);
  const sessions: PolicySession[] = [];
  let taken = 0;
  for (let seed = 0; seed < 6; seed++) {
    const { session, decisions, actions, refused } = await tinyEpisode(
      trainable.policy,
      openPrograms,
      prompt,
      seedOf(seed),
    );
    sessions.push(session);
    expect(refused).toEqual([]);
    const said = decisions.reduce((sum, { logProbability = Number.NaN }) => sum + logProbability, 0);
    expect(said).toBeCloseTo(
      choicesOf(session).reduce((sum, { logProbability }) => sum + logProbability, 0),
      4,
    );
    const chosen = takingOf(session).filter((choice) => choice.chosen > 0).length;
    const written = actions.flatMap((action) => codeOf(action).match(/await call\d+(?!\.)/g) ?? []).length;
    expect(written).toBe(chosen);
    taken += chosen;
    for (const { question } of takingOf(session)) expect(question.scalars.length % question.candidates.length).toBe(0);
  }
  expect(taken).toBeGreaterThan(0);
  const batch = trainable.open(sessions);
  const found = batch.logProbabilities().map((logs) => [...logs]);
  batch.close();
  expect(found).toEqual(sessions.map((one) => choicesOf(one).map(({ logProbability }) => logProbability)));
  // Another network of the same weights finds the same, and all candidates of a question together are certain.
  const network = makeNetwork(1, undefined, 'programs');
  network.parameters.values.set(trainable.parameters.values);
  for (const { question, chosen, logProbability } of sessions.flatMap(takingOf)) {
    const logs = network.logProbabilities(question);
    expect(logs[chosen]).toBe(logProbability);
    expect([...logs].reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 4);
  }
});

const play = async () => (await tinyEpisode(taker(2).trainable.policy, openPrograms, prompt, 5)).actions;

test('equal seeds write equal programs', async () => {
  const actions = await play();
  expect(await play()).toEqual(actions);
  expect(actions.some((action) => codeOf(action).includes('await call'))).toBe(true);
});

test.each<[Execution, readonly string[]]>([
  ['programs', [RUN_PROGRAM, 'finish']],
  ['both', [RUN_PROGRAM, 'finish']],
  ['calls', ['call_tool', 'call_tool', 'finish']],
])('a teacher who says where a value stands reads and writes in one program, with %s', async (execution, names) => {
  const { session, actions, finished, world } = await tinyEpisode(
    makePointer(1, undefined, execution).trainable.imitate(teacher),
    withExecution(openEager, execution),
    prompt,
    1,
  );
  expect(finished).toBe(true);
  expect(actions.map(({ name }) => name)).toEqual(names);
  expect(world.done).toEqual([JSON.stringify(['write_file', { path: 'copy.txt', content: 'green' }])]);
  expect((session as PointerSession).isWithinReach?.()).toBe(true);
  if (execution === 'calls') return;
  const [program] = actions;
  expect(program && codeOf(program)).toContain(
    'content: (await call1).match(/^color of the door: (.*)$/m)?.[1] ?? missing()',
  );
  // The path is known, and the text is not.
  expect(takingOf(session).map(({ chosen }) => chosen > 0)).toEqual([false, true]);
  // Both words are used up.
  expect(saidOf(choicesOf(session).at(-1))).toContain(
    'finish: nothing of the prompt is unused, and some call succeeded',
  );
});

test('what was taken is known once the program has run', async () => {
  const again = { ...plan[1], arguments: { path: 'two.txt', content: 'green' } } as never;
  const words = `${prompt} Write it into “two.txt”, too.`;
  const more = oracle(() => ({ plan: [...plan, again], answer: '', references }));
  const { session, actions } = await tinyEpisode(
    makePointer(1, undefined, 'programs').trainable.imitate(more),
    openPrograms,
    words,
    1,
  );
  expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, RUN_PROGRAM, 'finish']);
  const last = choicesOf(session).findLast(({ question }) => question.head === 'argument');
  expect(saidOf(last)).toEqual(
    expect.arrayContaining([
      'from the last result',
      'used by a successful call',
      'used for the same argument of the same tool',
    ]),
  );
});

test('a call that takes from one that failed counts as failed, and what it took as unknown', async () => {
  const [first, second] = plan;
  const failing = { ...first, tool: 'create_folder', arguments: { path: 'no such folder' } } as never;
  const whole = { call: 1, argument: ['content'], from: 0, at: [], before: '' };
  const words = 'Create the folder “no such folder”, then write the value of “color of the door” into “copy.txt”.';
  const { session, actions, world } = await tinyEpisode(
    makePointer(1, undefined, 'programs').trainable.imitate(
      oracle(() => ({ plan: [failing, second as never], answer: '', references: [whole] })),
    ),
    openPrograms,
    words,
    1,
  );
  expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, 'finish']);
  expect(world.done).toEqual([]);
  const said = saidOf(choicesOf(session).at(-1));
  expect(said).toEqual(expect.arrayContaining(['finish: no call succeeded', 'finish: the last call failed']));
});

test('a place that the policy cannot name is read first', async () => {
  const [reference] = references;
  const other = oracle(() => ({ plan, answer: '', references: [{ ...reference, before: 'folder/' } as never] }));
  const { session, actions, world } = await tinyEpisode(
    makePointer(1, undefined, 'programs').trainable.imitate(other),
    openPrograms,
    prompt,
    1,
  );
  expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, RUN_PROGRAM, 'finish']);
  expect(world.done).toHaveLength(1);
  expect((session as PointerSession).isWithinReach?.()).toBe(true);
});

test('the teacher is imitated: the greedy policy reads and writes in one program', async () => {
  const pointer = makePointer(3, undefined, 'programs');
  const learner = behaviourCloning(pointer.trainable, {}, teacher);
  for (let update = 0; update < 30; update++) {
    const { session } = await tinyEpisode(learner.policy, openPrograms, prompt, update);
    learner.update([{ task: 't', episodes: [{ session, reward: 1 }] }], update / 30);
  }
  const { actions, world } = await tinyEpisode(pointer.greedy, openPrograms, prompt, 0);
  expect(actions.map(({ name }) => name)).toEqual([RUN_PROGRAM, 'finish']);
  expect(world.done).toEqual([JSON.stringify(['write_file', { path: 'copy.txt', content: 'green' }])]);
});

test('weights of a policy that could not refer to results are refused in words', () => {
  const { trainable, load } = makePointer(1, undefined, 'programs');
  const { signature, values } = trainable.parameters;
  const before = signature.slice(0, signature.indexOf(', reference.query'));
  const optimiser = { steps: () => 0, moments: new Float32Array(values.length * 2) } as never;
  const state = encodeState({ ...trainable.parameters, signature: before }, optimiser, {});
  expect(() => load(state)).toThrow(
    'These weights belong to another network than this version’s pointer policy. Train a new policy, or use the Toolstone version that wrote them.',
  );
});

test.runIf(isWhole)(
  'where turns are few, what has to be read is taken within the same program',
  { timeout: 180_000 },
  async () => {
    // A start that likes to take what is known.
    const pointer = pointerWith(8, { reference: 6.5 });
    const learner = grpo(pointer.trainable);
    const names = ['inbox', 'photos', 'letters', 'bills', 'travel', 'garden', 'music', 'taxes'];
    const asked = (n: number) => prompt.replace('copy', `${names[n % 8]}-${n}`);
    const rewardOf = ({ world, finished, decisions }: TinyEpisode, n: number) => {
      const wanted = JSON.stringify(['write_file', { path: `${names[n % 8]}-${n}.txt`, content: 'green' }]);
      if (!finished || world.done.length !== 1 || world.done[0] !== wanted) return 0;
      return decisions.length === 2 ? 1 : 0.1;
    };
    const solved = async () => {
      let count = 0;
      for (let n = 1000; n < 1008; n++)
        if (rewardOf(await tinyEpisode(pointer.greedy, openPrograms, asked(n), 0), n) === 1) count += 1;
      return count;
    };
    const before = await solved();
    const updates = 24;
    for (let update = 0; update < updates; update++) {
      const groups = [];
      for (const n of [2 * update, 2 * update + 1]) {
        const episodes = [];
        for (let member = 0; member < 8; member++) {
          const episode = await tinyEpisode(learner.policy, openPrograms, asked(n), seedOf('train', n, member));
          episodes.push({ session: episode.session, reward: rewardOf(episode, n) });
        }
        groups.push({ task: asked(n), episodes });
      }
      learner.update(groups, update / updates);
    }
    expect([before, await solved()], 'unseen instances solved of 8').toEqual([0, 8]);
  },
);

describe('on a real server', () => {
  const pool = openWorldPool({ lanes: 1 });
  afterAll(() => pool.dispose());
  const read = {
    server: 'filesystem',
    tool: 'read_text_file',
    arguments: { path: '/world/filesystem/door.txt' },
    after: [],
  };
  const write = {
    server: 'filesystem',
    tool: 'write_file',
    arguments: { path: '/world/filesystem/copy.txt', content: 'green' },
    after: [0],
  };
  const task: Task = {
    ...tinyTask,
    prompt: prompt.replaceAll(/door\.txt|copy\.txt/g, (name) => `/world/filesystem/${name}`),
    plan: [read, write],
    world: { servers: ['filesystem'], files: { filesystem: { 'door.txt': 'size: 20\ncolor of the door: green\n' } } },
  };

  test('one program reads a file and writes what stands in it', { timeout: 60_000 }, async () => {
    const policy = makePointer(1, undefined, 'programs').trainable.imitate(
      oracle(() => ({ plan: task.plan, answer: '', references })),
    );
    const [result] = await live({ pool, openView: openPrograms, policy, tasks: [task] });
    if (!result) throw new RangeError('nothing was played');
    expect(result.turns.length, story(result)).toBe(2);
    expect(callsOf(result).map(({ action, isInside }) => isInside && action.arguments['tool'])).toEqual([
      'read_text_file',
      'write_file',
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(result.evidence)).toMatch(/copy\.txt[^}]*green/);
    const [again] = await live({ pool, openView: openPrograms, policy, tasks: [task] });
    expect(JSON.stringify(again)).toBe(JSON.stringify(result));
  });
});
