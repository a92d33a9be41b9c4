import { afterAll, describe, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { readAliasing } from '../../envs/aliases/request.ts';
import { shownToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { partsOfName } from '../../envs/aliases/names.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { verify } from '../../judges/truth/verifier.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { live, story } from '../suites/live-worlds.ts';
import { isWhole } from '../whole.ts';

const all = readAliasing('1');
const limits = { contextTokens: 1_000_000, resultTokens: 4_000 };
const pool = openWorldPool({ lanes: 2 });
afterAll(() => pool.dispose());

const solve = async (tasks: readonly Task[], view: string, execution: 'calls' | 'programs') =>
  live({
    pool,
    openView: withExecution(await viewNamed(view), execution),
    policy: oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' }),
    tasks,
    limits,
  });

const suites = (await Promise.all(suiteNames().map(suiteNamed))).filter((one) => !one.namesItsServers);

/** One task of a split, or of each family in a whole test. */
const sampleOf = (suite: Suite, split: Suite['splits'][number]) =>
  suite.tasks(split, isWhole ? suite.families.length : 1);

describe.each(suites)(
  'the oracle solves suite $name where everything goes by other names',
  { timeout: 600_000 },
  (real) => {
    const suite = withAliases(real, all);
    const splits = ['test', 'held-out-server', 'sealed-server'].filter((one) =>
      real.splits.some((split) => split === one),
    );

    test.each(splits)('in the split %s', async (split) => {
      const tasks = sampleOf(suite, split as (typeof suite.splits)[number]);
      for (const execution of ['calls', 'programs'] as const)
        for (const played of await solve(tasks, 'tool', execution)) {
          expect(played.success?.verified, story(played)).toBe(true);
          expect(played.rewards, story(played)).toEqual({ sparse: 1, 'state-share': 1, rubric: 1 });
        }
    });
  },
);

const micro = await suiteNamed('micro');

describe.each(viewNames())('in the view %s', (view) => {
  test.each(['calls', 'programs'] as const)(
    'the oracle solves tasks of micro by %s',
    { timeout: 120_000 },
    async (execution) => {
      const tasks = withAliases(micro, all).tasks('test', isWhole ? 8 : 4);
      for (const played of await solve(tasks, view, execution))
        expect(played.success?.verified, story(played)).toBe(true);
    },
  );
});

test('policy and judge meet other names, and the verifier real ones', async () => {
  const [task] = withAliases(micro, all).tasks('test', 1) as [Task];
  const [before] = micro.tasks('test', 1) as [Task];
  const [played] = await solve([task], 'tool', 'calls');
  if (!played) throw new Error('nothing was played');
  // By the task as it is without aliases.
  expect(verify(before, played)).toEqual({ verified: true, properFinish: true });
  expect(Object.keys(played.evidence).toSorted()).toEqual(['filesystem', 'memory']);
  expect(played.evidence).toEqual(before.goal.kind === 'state' ? before.goal.expected : {});
  const shown = JSON.stringify([played.turns, task.plan, task.rubric.criteria.slice(1)]);
  for (const { name } of shownToolspace(before.world).tools) expect(shown).not.toContain(`"${name}"`);
  for (const { tool } of task.plan) expect(JSON.stringify(task.rubric)).toContain(tool);
  const { aliases = {} } = played;
  expect(
    Object.values(aliases)
      .map(({ server }) => server)
      .toSorted(),
  ).toEqual(['filesystem', 'memory']);
  const used = new Set(callsOf(played).flatMap(({ event }) => event.tools));
  expect(new Set(Object.values(aliases).flatMap(({ tools }) => Object.keys(tools)))).toEqual(used);
});

test('without --alias a suite is the very same, and with it tasks differ from each other and not between calls', () => {
  expect(withAliases(micro, undefined)).toBe(micro);
  const suite = withAliases(micro, all);
  const [first, second] = suite
    .tasks('train', 2)
    .map((task) => shownToolspace(task.world).servers.map(({ name }) => name));
  expect(first).not.toEqual(second);
  expect(suite.tasks('train', 1)[0]?.plan).toEqual(suite.tasks('train', 1)[0]?.plan);
});

test('who recites a real name calls nothing', async () => {
  const [task] = withAliases(micro, all).tasks('test', 1) as [Task];
  await pool.use(task.world, 1, async ({ call, toolspace, translation }) => {
    const files = translation?.names.find(({ server }) => server === 'filesystem');
    const reading = files?.tools.find(({ tool }) => tool === 'read_text_file');
    const path = reading?.parameters.find(([name]) => name === 'path')?.[1] ?? '';
    expect(toolspace.tools.some(({ server, name }) => server === 'filesystem' || name === 'read_text_file')).toBe(
      false,
    );
    const recited = await call(files?.alias ?? '', reading?.alias ?? '', { [path]: 'none.txt', head: 1 });
    expect(recited).toEqual({ text: `${reading?.alias} was not called: it has no parameter head.`, isError: true });
    const missing = await call(files?.alias ?? '', reading?.alias ?? '', { [path]: 'none.txt' });
    expect(missing.text).toContain(`/world/${files?.alias}/none.txt`);
  });
});

test('tasks of a run whose names were drawn from other words are unknown', () => {
  expect(() => withAliases(micro, { ...all, vocabulary: 'other' })).toThrow('Use the toolstone that made the run.');
});

test('a suite whose tasks say which server they mean is refused', async () => {
  const collisions = await suiteNamed('collisions');
  expect(() => withAliases(collisions, all)).toThrow('Choose another suite, or leave out --alias.');
});

/** What may be names in a text, the folders of servers apart. */
const partsOf = (text: string) => new Set(text.replaceAll(/\/world\/[\w-]+/g, '').match(/[\w-]+/g));

test('prompts of the house hold no name that only a name can be, so that no policy is sent to one that is not there', () => {
  let looked = 0;
  for (const suite of suites) {
    const split = suite.splits.includes('test') ? 'test' : (suite.splits[0] as (typeof suite.splits)[number]);
    for (const { id, prompt, world } of suite.tasks(split, isWhole ? suite.families.length : 6)) {
      const { servers, tools } = toolspaceOf(world.servers);
      // One word alone, as `memory` or `search`, may be said of anything.
      const names = [...servers, ...tools].map(({ name }) => name).filter((name) => partsOfName(name).length > 1);
      looked += names.length;
      const said = partsOf(prompt);
      expect(
        names.filter((name) => said.has(name)),
        id,
      ).toEqual([]);
    }
  }
  expect(looked).toBeGreaterThan(0);
  expect(partsOf('Call read_file in /world/memory-bank.').has('read_file')).toBe(true);
});

test('no part of a task is made before it is asked for', () => {
  const [real] = micro.tasks('test', 1) as [Task];
  const { id, split, world: place, ...rest } = real;
  const asked: string[] = [];
  const getters = Object.entries(rest).map(([name, value]) => {
    const get = () => {
      asked.push(name);
      return value;
    };
    return [name, { get, enumerable: true, configurable: true }] as const;
  });
  const lazy = Object.defineProperties({ id, split, world: place }, Object.fromEntries(getters)) as Task;
  const [task] = withAliases({ ...micro, tasks: () => [lazy] }, all).tasks('test', 1) as [Task];
  expect(asked).toEqual([]);
  expect({ ...task }).toEqual({ ...(withAliases(micro, all).tasks('test', 1) as [Task])[0] });
  expect(asked).toContain('initial');
});
