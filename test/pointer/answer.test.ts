import { describe, expect, test } from 'vitest';
import { behaviourCloning } from '../../baselines/learners/behaviour-cloning.ts';
import { grpo } from '../../baselines/learners/grpo.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import { networkSettings } from '../../baselines/pointer/settings.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import { seedOf } from '../../core/seeds.ts';
import openTool from '../../envs/views/tool.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const asking = 'Read the file “door.txt” and answer with the “size of the door”.';
const reading = { server: 'files', tool: 'read_file', after: [] };
const plan = [{ ...reading, arguments: { path: 'door.txt' } }];
const teacherOf = (answer: string) => oracle(() => ({ plan, answer }));
const answersAsked = (session: unknown) =>
  (session as PointerSession).choices.filter(({ question }) => question.head === 'answer');

test('untrained, it answers what was asked for from a result', async () => {
  const { actions } = await tinyEpisode(makePointer(1).greedy, openTool, asking, 1);
  expect(actions.map(({ name }) => name)).toEqual(['load_tools', 'call_tool', 'finish']);
  expect(actions.at(-1)?.arguments).toEqual({ answer: '20' });
});

test.each(['Create a folder named “inbox”.', 'Read the file “door.txt” for the “size of the door”.'])(
  'asked for nothing, it says nothing and chooses nothing: %s',
  async (prompt) => {
    const { trainable } = makePointer(1);
    const finished = [];
    for (let seed = 0; seed < 8; seed++) {
      const episode = await tinyEpisode(trainable.policy, openTool, prompt, seedOf(seed));
      if (episode.finished) finished.push(episode);
    }
    expect(finished.length).toBeGreaterThan(0);
    for (const { actions, session } of finished) {
      expect(actions.at(-1)).toEqual({ name: 'finish', arguments: {} });
      expect(answersAsked(session)).toEqual([]);
    }
  },
);

test.each([
  ['20', 1],
  ['', 1],
  // Held by no result: said all the same, and no choice of the policy's.
  ['purple', 0],
])('imitation of a teacher that answers "%s" gives that answer, with %i choice of it', async (answer, count) => {
  const teacher = teacherOf(answer);
  const taught = await tinyEpisode(makePointer(1).trainable.imitate(teacher), openTool, asking, 1);
  const alone = await tinyEpisode(teacher, openTool, asking, 1);
  expect(taught.actions).toEqual(alone.actions);
  const asked = answersAsked(taught.session);
  expect(asked).toHaveLength(count);
  for (const { chosen, question, logProbability } of asked) {
    expect(chosen === 0).toBe(answer === '');
    expect(chosen).toBeLessThan(question.candidates.length);
    expect(logProbability).toBeLessThan(0);
    expect(Number.isFinite(logProbability)).toBe(true);
  }
});

test('behaviour cloning makes the greedy policy give another answer than it would by itself', async () => {
  const pointer = makePointer(3);
  const learner = behaviourCloning(pointer.trainable, {}, teacherOf('green'));
  for (let update = 0; update < 30; update++) {
    const { session } = await tinyEpisode(learner.policy, openTool, asking, update);
    learner.update([{ task: 't', episodes: [{ session, reward: 1 }] }], update / 30);
  }
  const { actions } = await tinyEpisode(pointer.greedy, openTool, asking, 0);
  expect(actions.at(-1)?.arguments).toEqual({ answer: 'green' });
});

test('rewards teach the answer, and the learner’s pass finds the probabilities that it was chosen with', async () => {
  const { trainable, greedy } = makePointer(2);
  const learner = grpo(trainable);
  const updates = 30;
  for (let update = 0; update < updates; update++) {
    const episodes = [];
    for (let member = 0; member < 8; member++) {
      const episode = await tinyEpisode(learner.policy, openTool, asking, seedOf(update, member));
      const said = episode.finished ? episode.actions.at(-1)?.arguments['answer'] : undefined;
      episodes.push({ session: episode.session, reward: said === 'green' ? 1 : 0 });
    }
    const sessions = episodes.map(({ session }) => session);
    const batch = trainable.open(sessions);
    const found = batch.logProbabilities().map((logs) => [...logs]);
    batch.close();
    const chosen = sessions.map((session) => trainable.choices(session).map(({ logProbability }) => logProbability));
    expect(found).toEqual(chosen);
    expect(chosen.flat().every(Number.isFinite)).toBe(true);
    learner.update([{ task: 't', episodes }], update / updates);
  }
  const { actions } = await tinyEpisode(greedy, openTool, asking, 0);
  expect(actions.at(-1)?.arguments).toEqual({ answer: 'green' });
});

const askingForBoth =
  'Read the file “door.txt” and find the “size of the door”, then read the file “window.txt” and find the “height of the window”, ' +
  'then answer with all values found, one per line.';
const reads = ['door.txt', 'window.txt'].map((path) => ({ ...reading, arguments: { path } }));
const joining = () => makePointer(1, { ...networkSettings.defaults, arguments: 'all' });
const taughtBoth = (pointer: ReturnType<typeof joining>, answer: string) => {
  const teacher = oracle(() => ({ plan: reads, answer }));
  return tinyEpisode(pointer.trainable.imitate(teacher), openTool, askingForBoth, 1);
};
const isWithinReach = ({ session }: { readonly session: unknown }) => (session as PointerSession).isWithinReach?.();

describe('an answer out of several results', () => {
  test('is put together value by value, each in its own choice and the last of them that it is whole', async () => {
    const taught = await taughtBoth(joining(), '7, 20');
    expect(taught.actions.at(-1)?.arguments).toEqual({ answer: '7, 20' });
    const asked = answersAsked(taught.session);
    expect(asked).toHaveLength(3);
    expect(asked.map(({ chosen }) => chosen === 0)).toEqual([false, false, true]);
    expect(isWithinReach(taught)).toBe(true);
    expect(isWithinReach(await taughtBoth(makePointer(1), '7, 20'))).toBe(false);
  });

  test.each(['20, 7', 'blue, 20, 7', '20'])(
    'may be “%s”, and none with a value that no result holds',
    async (answer) => {
      expect(isWithinReach(await taughtBoth(joining(), answer))).toBe(true);
      expect(isWithinReach(await taughtBoth(joining(), `${answer}, purple`))).toBe(false);
    },
  );

  test('is given by the untrained policy, in the order asked for', async () => {
    const { actions } = await tinyEpisode(joining().greedy, openTool, askingForBoth, 1);
    expect(actions.at(-1)?.arguments).toEqual({ answer: '20\n7' });
  });
});
