import { describe, expect, test } from 'vitest';
import type { PlannedCall } from '../../core/plan.ts';
import { behaviourCloning } from '../../baselines/learners/behaviour-cloning.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import { makeNetwork } from '../../baselines/pointer/network.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import openEager from '../../envs/views/eager.ts';
import openNative from '../../envs/views/native.ts';
import openSearch from '../../envs/views/search.ts';
import openServer from '../../envs/views/server.ts';
import openTool from '../../envs/views/tool.ts';
import { viewNamed } from '../../envs/view-list.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const prompt = 'Create a folder named “inbox”, then put the text “hello to all” into the new file “inbox/first.txt”.';
const plan = [
  { server: 'files', tool: 'create_folder', arguments: { path: 'inbox' }, after: [] },
  { server: 'files', tool: 'write_file', arguments: { path: 'inbox/first.txt', content: 'hello to all' }, after: [0] },
];
const teacher = oracle(() => ({ plan, answer: '' }));
const views = { eager: openEager, native: openNative, server: openServer, tool: openTool };

test.each(Object.entries(views))(
  'in the %s view the teacher acts, and the session holds the choices that make the same',
  async (_, view) => {
    const network = makeNetwork(1);
    const { session, decisions, actions, finished } = await tinyEpisode(
      makePointer(1).trainable.imitate(teacher),
      view,
      prompt,
      1,
    );
    const alone = await tinyEpisode(teacher, view, prompt, 1);
    expect(finished).toBe(true);
    expect(actions).toEqual(alone.actions);
    const { choices, states } = session as PointerSession;
    expect(states).toHaveLength(decisions.length);
    for (const { question, chosen, logProbability } of choices)
      expect(network.logProbabilities(question)[chosen]).toBe(logProbability);
    expect((session as PointerSession).isWithinReach?.()).toBe(true);
    // A path for the folder; path and text for the file.
    expect(choices.filter(({ question }) => question.head === 'argument')).toHaveLength(3);
    expect(choices.at(-1)?.question.head).toBe('kind');
  },
);

test('in the search view the teacher’s searches are made with the words of the prompt, which the policy has', async () => {
  const { session, actions, finished, refused } = await tinyEpisode(
    makePointer(1).trainable.imitate(teacher),
    openSearch,
    prompt,
    1,
  );
  expect([finished, refused]).toEqual([true, []]);
  expect(actions[0]).toEqual({ name: 'search_tools', arguments: { query: 'Create a folder named' } });
  expect(actions.filter(({ name }) => name === 'call_tool')).toHaveLength(plan.length);
  expect((session as PointerSession).isWithinReach?.()).toBe(true);
});

describe.each(['tool', 'server'])('in the view %s with pages', (name) => {
  const weigh = { server: 'shelf', tool: 'weigh', arguments: { count: 3 }, after: [] };
  const imitated = async (words: string, planned: readonly PlannedCall[], toolNamesUpFront: boolean) =>
    tinyEpisode(
      makePointer(1).trainable.imitate(oracle(() => ({ plan: planned, answer: '' }))),
      // The first of the two servers is shown.
      await viewNamed(`${name}?page=1`),
      words,
      1,
      toolNamesUpFront,
    );

  test.each([false, true])(
    'a server on another page is searched for with the words of the prompt before it is loaded: names up front %s',
    async (toolNamesUpFront) => {
      const words = 'Weigh 3 items of the shelf.';
      const { session, actions, finished, refused } = await imitated(words, [weigh], toolNamesUpFront);
      expect([finished, refused]).toEqual([true, []]);
      expect(actions[0]).toEqual({
        name: 'list_servers',
        arguments: { query: expect.stringMatching(/weigh/i) as string },
      });
      const loads = name === 'server' ? ['load_server'] : [...(toolNamesUpFront ? [] : ['list_tools']), 'load_tools'];
      expect(actions.map((action) => action.name)).toEqual(['list_servers', ...loads, 'call_tool', 'finish']);
      const { choices, isWithinReach } = session as PointerSession;
      expect(isWithinReach?.()).toBe(true);
      for (const { question, chosen, logProbability } of choices)
        expect(makeNetwork(1).logProbabilities(question)[chosen]).toBe(logProbability);
    },
  );

  test('a server that the words of the prompt do not find is beyond reach, and is loaded all the same', async () => {
    const { session, actions, finished } = await imitated('Folders, files: write “3”.', [weigh], false);
    expect(finished).toBe(true);
    expect(actions.filter((action) => action.name === 'list_servers')).toHaveLength(1);
    expect(actions.at(-2)?.name).toBe('call_tool');
    expect((session as PointerSession).isWithinReach?.()).toBe(false);
  });
});

test('a value that the policy could not have chosen is no choice, and the rest of the call still is', async () => {
  const unseen = oracle(() => ({
    plan: [{ ...plan[1], arguments: { path: 'inbox/first.txt', content: 'nowhere in the prompt' } } as never],
    answer: '',
  }));
  const { session, actions } = await tinyEpisode(makePointer(1).trainable.imitate(unseen), openTool, prompt, 1);
  expect(actions.map(({ name }) => name)).toEqual(['load_tools', 'call_tool', 'finish']);
  const asked = (session as PointerSession).choices.filter(({ question }) => question.head === 'argument');
  expect(asked).toHaveLength(1);
  expect((session as PointerSession).isWithinReach?.()).toBe(false);
});

test('the share of demonstrations that the policy could have given itself is told', async () => {
  const pointer = makePointer(1);
  const beyond = { ...plan[0], arguments: { path: 'inbox', mode: 'an argument that no choice of the policy fills' } };
  const learner = behaviourCloning(pointer.trainable, {}, teacher);
  const episodes = await Promise.all(
    [plan, [beyond as never], plan].map(async (one, seed) => {
      const policy = pointer.trainable.imitate(oracle(() => ({ plan: one, answer: '' })));
      return { session: (await tinyEpisode(policy, openTool, prompt, seed)).session, reward: 1 };
    }),
  );
  expect(learner.update([{ task: 't', episodes }], 0)['within_reach']).toBeCloseTo(2 / 3, 12);
});

test('behaviour cloning makes the greedy policy do what the teacher did', async () => {
  const pointer = makePointer(3);
  const learner = behaviourCloning(pointer.trainable, {}, teacher);
  const wanted = (await tinyEpisode(teacher, openTool, prompt, 0)).actions;
  for (let update = 0; update < 30; update++) {
    const { session } = await tinyEpisode(learner.policy, openTool, prompt, update);
    learner.update([{ task: 't', episodes: [{ session, reward: 1 }] }], update / 30);
  }
  const { actions } = await tinyEpisode(pointer.greedy, openTool, prompt, 0);
  expect(actions).toEqual(wanted);
});
