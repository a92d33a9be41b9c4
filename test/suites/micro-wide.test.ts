import { describe, expect, onTestFinished, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { choicesOf } from '../../suites/tasks/choices.ts';
import suite from '../../suites/micro-wide.ts';
import { isWhole } from '../whole.ts';
import { live, story } from './live-worlds.ts';

/** Four of each family, as measurements of record take them. */
const perSplit = 52;

const toolNames = (servers: readonly string[]) => toolspaceOf(servers).tools.map(({ name }) => name);
const usedIn = (split: (typeof suite.splits)[number]) => [
  ...new Set(suite.tasks(split, perSplit).flatMap(({ plan }) => plan.map(({ server }) => server))),
];

test('52 tasks of a split are four of each family, in one or two calls', () => {
  for (const split of ['train', 'validation', 'test', 'wording', 'fuzzy'] as const) {
    const tasks = suite.tasks(split, perSplit);
    const counts = [...Map.groupBy(tasks, ({ family }) => family).values()].map((own) => own.length);
    expect(counts).toEqual(suite.families.map(() => perSplit / suite.families.length));
    expect(Math.max(...tasks.map(({ plan }) => plan.length))).toBe(2);
  }
});

test('trained families use all four servers', () => {
  expect(usedIn('train').toSorted()).toEqual(suite.servers.toSorted());
});

describe.each([
  { split: 'held-out-server', server: 'fast-filesystem', instead: 'filesystem', families: 4 },
  { split: 'sealed-server', server: 'memory-bank', instead: 'obsidian', families: 3 },
] as const)('the split $split', ({ split, server, instead, families }) => {
  const tasks = suite.tasks(split, perSplit);

  test('is played on the held-out server alone, in place of the trained one', () => {
    expect(usedIn(split)).toEqual([server]);
    const offered = suite.servers.map((one) => (one === instead ? server : one));
    for (const task of tasks) expect(task.world.servers).toEqual(offered);
    expect(new Set(tasks.map(({ family }) => family)).size).toBe(families);
  });

  test('shares no name of a tool with the trained servers and the other held-out one', () => {
    const others = [...suite.servers, ...suite.heldOutServers].filter((one) => one !== server);
    const known = new Set(toolNames([...new Set(others)]));
    expect(toolNames([server]).filter((name) => known.has(name))).toEqual([]);
  });

  test('asks for what the split test asks for', () => {
    const twins = new Map(suite.tasks('test', 20 * suite.families.length).map((task) => [task.id, task]));
    for (const task of tasks) {
      const twin = twins.get(task.id.replace(split, 'test'));
      expect(task.answer).toBe(twin?.answer);
      expect(task.plan).toHaveLength(twin?.plan.length ?? 0);
    }
  });
});

test.runIf(isWhole)(
  'the reference plan of every family fits a window of 2,048 tokens, on every server',
  { timeout: 60_000 },
  async () => {
    const pool = openWorldPool({ lanes: 1 });
    onTestFinished(() => pool.dispose());
    const tasks = (['test', 'held-out-server', 'sealed-server'] as const).flatMap((split) =>
      suite.tasks(split, suite.families.length),
    );
    const policy = oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });
    const limits = { ...defaultLimits, contextTokens: 2048 };
    for (const played of await live({ pool, openView: toolView, policy, tasks, limits }))
      expect(played.success?.verified, story(played)).toBe(true);
  },
);

test('nothing plays the sealed server that was not told to', () => {
  expect(choicesOf(suite).split).toBe('test');
  expect(suite.splits.at(-1)).toBe('sealed-server');
});
