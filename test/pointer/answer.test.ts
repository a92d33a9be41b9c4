import { expect, test } from 'vitest';
import { behaviourCloning } from '../../baselines/learners/behaviour-cloning.ts';
import { grpo } from '../../baselines/learners/grpo.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import { seedOf } from '../../core/seeds.ts';
import openTool from '../../envs/views/tool.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const asking = 'Read the file “door.txt” and answer with the “size of the door”.';
const plan = [{ server: 'files', tool: 'read_file', arguments: { path: 'door.txt' }, after: [] }];
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
