import { expect, test } from 'vitest';
import { grpo } from '../../baselines/learners/grpo.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import { makeNetwork } from '../../baselines/pointer/network.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import { seedOf } from '../../core/seeds.ts';
import { clippedSurrogate } from '../../baselines/learning/policy-loss.ts';
import type { PolicySession } from '../../core/types.ts';
import openEager from '../../envs/views/eager.ts';
import openNative from '../../envs/views/native.ts';
import openSearch from '../../envs/views/search.ts';
import openServer from '../../envs/views/server.ts';
import openTool from '../../envs/views/tool.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const prompt = 'Create a folder named “inbox”, then put the text “hello to all” into the new file “inbox/first.txt”.';
const views = { eager: openEager, native: openNative, search: openSearch, server: openServer, tool: openTool };
const choicesOf = (session: unknown) => (session as PointerSession).choices;
const logs = (decisions: readonly { logProbability?: number }[]) =>
  decisions.map((one) => one.logProbability ?? Number.NaN);

test.each(Object.entries(views))(
  'in the %s view every action is understood, and its log-probability is that of its choices',
  async (_, view) => {
    const pointer = makePointer(1);
    const network = makeNetwork(1);
    const kinds = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { session, decisions, actions, refused } = await tinyEpisode(
        pointer.trainable.policy,
        view,
        prompt,
        seedOf('episode', seed),
      );
      // Refusals are only of values against the schema's bounds, never of unknown or unloaded tools.
      expect(refused).toEqual([]);
      for (const { name } of actions) kinds.add(name);
      const choices = choicesOf(session);
      const total = choices.reduce((sum, { logProbability }) => sum + logProbability, 0);
      expect(logs(decisions).reduce((sum, log) => sum + log, 0)).toBeCloseTo(total, 4);
      for (const { question, chosen, logProbability } of choices) {
        const probabilities = network.logProbabilities(question);
        expect(probabilities[chosen]).toBe(logProbability);
        expect([...probabilities].reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 4);
        expect(new Set(question.candidates).size).toBeGreaterThan(0);
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['call_tool', 'finish']));
  },
);

test('the learner’s pass over a batch finds the very probabilities that the policy acted with', async () => {
  const { trainable } = makePointer(2);
  const sessions: PolicySession[] = [];
  for (let seed = 0; seed < 6; seed++)
    sessions.push((await tinyEpisode(trainable.policy, openTool, prompt, seedOf(seed))).session);
  const batch = trainable.open(sessions);
  const found = batch.logProbabilities().map((logs) => [...logs]);
  batch.close();
  const chosen = sessions.map((session) => trainable.choices(session).map(({ logProbability }) => logProbability));
  expect(chosen.flat().length).toBeGreaterThan(20);
  // Not merely close: a ratio of exactly 1 for every choice.
  expect(found).toEqual(chosen);
});

test('choices know their turns, which follow each other', async () => {
  const { session, decisions } = await tinyEpisode(makePointer(2).trainable.policy, openTool, prompt, 5);
  const turns = choicesOf(session).map(({ turn }) => turn);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
  expect(turns.at(-1)).toBeLessThan(decisions.length);
  expect(new Set(turns).size).toBeGreaterThan(1);
});

test('the gradient of the whole network equals finite differences', async () => {
  const { trainable } = makePointer(3);
  const { session } = await tinyEpisode(trainable.policy, openTool, prompt, 5);
  const { values, gradients } = trainable.parameters;
  const behaviour = trainable.choices(session).map(({ logProbability }) => logProbability);
  const options = { clipLow: 0.9, clipHigh: 9, importanceSampling: 'token', beta: 0 } as const;
  const objective = clippedSurrogate([{ advantages: behaviour.map(() => 1), behaviour, weight: 0.1 }], options);
  const loss = () => {
    const batch = trainable.open([session]);
    const { slope, metrics } = objective.pass(batch.logProbabilities);
    batch.accumulate({ slope, weights: objective.weights, entropy: trainable.heads.map(() => 0) });
    batch.close();
    return metrics().loss;
  };
  loss();
  const found = gradients.slice();
  const steepest = [...found.keys()].sort((a, b) => Math.abs(found[b] ?? 0) - Math.abs(found[a] ?? 0)).slice(0, 400);
  for (const at of steepest.filter((_, i) => i % 20 === 0)) {
    const kept = values[at] ?? 0;
    values[at] = kept + 0.005;
    const above = loss();
    values[at] = kept - 0.005;
    const below = loss();
    values[at] = kept;
    expect(found[at], `parameter ${at}`).toBeCloseTo((above - below) / 0.01, 1);
  }
});

test('equal seeds give equal episodes, whatever runs in between', async () => {
  const [one, other] = [makePointer(4), makePointer(4)];
  const alone = await tinyEpisode(one.trainable.policy, openTool, prompt, 9);
  const [together] = await Promise.all([
    tinyEpisode(other.trainable.policy, openTool, prompt, 9),
    tinyEpisode(other.trainable.policy, openServer, 'Weigh 7 items.', 10),
    tinyEpisode(other.greedy, openEager, prompt, 11),
  ]);
  expect(together.decisions).toEqual(alone.decisions);
  const different = await tinyEpisode(makePointer(5).trainable.policy, openTool, prompt, 9);
  expect(logs(different.decisions)).not.toEqual(logs(alone.decisions));
});

test('saved weights make the same greedy policy elsewhere; other weights are refused', async () => {
  const pointer = makePointer(6);
  const learner = grpo(pointer.trainable);
  const { session } = await tinyEpisode(learner.policy, openTool, prompt, 1);
  const second = await tinyEpisode(learner.policy, openTool, prompt, 2);
  learner.update(
    [
      {
        task: 't',
        episodes: [
          { session, reward: 1 },
          { session: second.session, reward: 0 },
        ],
      },
    ],
    0,
  );
  const elsewhere = makePointer(7);
  elsewhere.load(learner.save());
  const [here, there] = [
    await tinyEpisode(pointer.greedy, openTool, prompt, 3),
    await tinyEpisode(elsewhere.greedy, openTool, prompt, 3),
  ];
  expect(there.decisions).toEqual(here.decisions);
  expect(() => elsewhere.load(new Uint8Array([123, 125, 10, 0]))).toThrow(/belong to another network/);
});

/** Share of the goal reached, a fifth of it for stopping, less a tenth for each other change. */
const rewardOf = ({ world, finished }: Awaited<ReturnType<typeof tinyEpisode>>, goal: readonly string[]) => {
  const right = goal.filter((one) => world.done.includes(one)).length / goal.length;
  const wrong = world.done.filter((one) => !goal.includes(one)).length;
  return Math.max(0, right * 0.8 + (finished ? 0.2 * right : 0) - 0.1 * wrong);
};

test('a policy of under a million parameters learns a two-step task and to stop', { timeout: 60_000 }, async () => {
  const pointer = makePointer(8);
  expect(pointer.trainable.parameters.count).toBeLessThan(1_000_000);
  const learner = grpo(pointer.trainable);
  const names = ['inbox', 'photos', 'letters', 'bills', 'travel', 'garden'];
  const task = (n: number) => {
    const [folder, file] = [names[n % 6] ?? '', `${names[(n + 1) % 6] ?? ''}-${n}`];
    // Hardly a word of it is a tool's: what to call has to be learnt.
    const asked = `Somewhere for “${folder}” papers must exist. Store “${file}”, “jar”, remarking “keep the ${folder} dry”.`;
    const item = { label: file, format: 'jar', notes: [`keep the ${folder} dry`] };
    return {
      asked,
      goal: [JSON.stringify(['create_folder', { path: folder }]), JSON.stringify(['add_items', { items: [item] }])],
    };
  };
  const solved = async () => {
    let count = 0;
    for (let n = 1000; n < 1012; n++) {
      const { asked, goal } = task(n);
      const episode = await tinyEpisode(pointer.greedy, openTool, asked, 0);
      if (episode.finished && rewardOf(episode, goal) > 0.99) count += 1;
    }
    return count;
  };
  expect(await solved(), 'unseen instances solved of 12, untrained').toBeLessThanOrEqual(6);
  const updates = 60;
  for (let update = 0; update < updates; update++) {
    const groups = [];
    for (const n of [update * 2, update * 2 + 1]) {
      const { asked, goal } = task(n);
      const episodes = [];
      for (let member = 0; member < 8; member++) {
        const episode = await tinyEpisode(learner.policy, openTool, asked, seedOf('train', n, member));
        episodes.push({ session: episode.session, reward: rewardOf(episode, goal) });
      }
      groups.push({ task: asked, episodes });
    }
    learner.update(groups, update / updates);
  }
  expect(await solved(), 'unseen instances solved of 12, trained').toBeGreaterThanOrEqual(10);
});
