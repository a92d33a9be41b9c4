import { afterAll, describe, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { random } from '../../baselines/policies/random.ts';
import type { OpenView, Suite, Task, ViewName } from '../../core/types.ts';
import eager from '../../envs/views/eager.ts';
import toolView from '../../envs/views/tool.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { familyNames } from '../../suites/tasks/family-list.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { answersOf, cheats, otherForm, scripted } from './cheats.ts';
import { live, story } from './live-worlds.ts';
import { isWhole } from '../whole.ts';

/** Tasks tried of each family. */
const instances = isWhole ? 50 : 2;
const names = isWhole ? viewNames() : ['tool', 'server', 'eager'];
const views: readonly (readonly [ViewName, OpenView])[] = await Promise.all(
  names.map(async (name) => [name, await viewNamed(name)] as const),
);

// One lane, so that each server is started once.
const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const suites = await Promise.all(suiteNames().map((name) => suiteNamed(name)));

/** So many are drawn of a family at least, and taken in strides, so that two of them show two of its shapes. */
const leastDrawn = 24;
const stride = 11;

const rank = (suite: Suite) => ['broad', 'collisions', 'ladder', 'long-horizon'].indexOf(suite.name) >>> 0;

/** Tasks of a family from the suite that shows it best, spread over its shapes and the splits that it has. */
function tasksOf(family: string): Task[] {
  const homes = suites.filter((suite) => suite.families.includes(family)).sort((a, b) => rank(a) - rank(b));
  const [home] = homes;
  if (!home) throw new RangeError(`no suite has the family ${family}`);
  const chosen = home.splits
    .filter((split) =>
      ['test', 'held-out-family', 'held-out-composition', 'held-out-server', 'sealed-server'].includes(split),
    )
    .flatMap((split) => {
      const all = tasksIf(home, split, Math.max(instances, leastDrawn), family);
      const wanted = split === 'test' || split === 'held-out-family' ? instances : Math.ceil(instances / 3);
      return Array.from(
        { length: all.length === 0 ? 0 : wanted },
        (_, index) => all[(index * stride) % all.length] as Task,
      );
    });
  return chosen;
}

function tasksIf(suite: Suite, split: Task['split'], count: number, family: string): readonly Task[] {
  try {
    return suite.tasks(split, count, [family]);
  } catch {
    return []; // this family has none there
  }
}

const families = [...new Set(suites.flatMap((suite) => suite.families))];

test('every family file is in a suite', () => {
  const known = new Set(families.map((family) => family.replace(/-\d$/, '')));
  expect(familyNames.filter((name) => !known.has(name))).toEqual([]);
});

/** All functions of the largest suites do not fit the usual window. */
const limitsIn = (view: string) => (view === 'native' ? { ...defaultLimits, contextTokens: 128_000 } : defaultLimits);

/** All views where the whole suite is asked for; otherwise the first and one of the others, in turn. */
const viewsFor = (place: number) =>
  isWhole ? views : views.filter((_, i) => i === 0 || i === 1 + (place % (views.length - 1)));

describe.each(families.map((family, place) => ({ family, place })))(
  'family $family',
  { timeout: 600_000 },
  ({ family, place }) => {
    const tasks = tasksOf(family);

    test('starts as its facts say', async () => {
      const [task] = tasks;
      if (!task) throw new RangeError(`${family} has no tasks`);
      await pool.use(task.world, 1, async (world) => expect(await world.evidence()).toEqual(task.initial));
    });

    test('is solved by the oracle in every view, for the whole reward, and judged the same twice', async () => {
      const solutions = new Map(tasks.map((task) => [task.id, task]));
      const policy = oracle((id) => solutions.get(id) ?? { plan: [], answer: '' });
      for (const [name, openView] of viewsFor(place))
        for (const result of await live({ pool, openView, policy, tasks, limits: limitsIn(name) })) {
          const { task } = result;
          expect(result.success, `${name} ${story(result)}`).toEqual({ verified: true, properFinish: true });
          expect(result.rewards.rubric, `${name} ${story(result)}`).toBeCloseTo(1, 12);
          expect(result.rewards['state-share']).toBe(1);
          const [before, again] = [JSON.stringify([task, result]), score(task, result)];
          expect(JSON.stringify([task, result]), 'the verifier changes nothing').toBe(before);
          expect(again.success).toEqual(result.success);
          expect(again.rewards).toEqual(result.rewards);
        }
    });

    test('is solved in another form that is as right', async () => {
      for (const result of await live({
        pool,
        openView: eager,
        policy: scripted('other form', tasks, otherForm),
        tasks,
      }))
        expect(result.success?.verified, story(result)).toBe(true);
    });

    test.each(Object.keys(cheats))('is not solved by %s', async (name) => {
      const policy = scripted(name, tasks, cheats[name] as (typeof cheats)[string]);
      for (const result of await live({ pool, openView: eager, policy, tasks })) {
        expect(result.success, story(result)).toEqual({ verified: false, properFinish: false });
        expect(result.rewards.rubric ?? 1, story(result)).toBeLessThan(0.9);
        expect(result.rewards['state-share'] ?? 1, story(result)).toBeLessThan(1);
        if (['a no-op', 'a claim'].includes(name))
          expect(result.rewards).toEqual({ sparse: 0, 'state-share': 0, rubric: 0 });
      }
    });

    test('keeps its answer and what has to be found out of the prompt', () => {
      for (const task of tasks)
        for (const answer of answersOf(task)) {
          const plain = answer.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
          const isWhole = new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, 'iu');
          expect(task.prompt, `${answer} in ${task.prompt}`).not.toMatch(isWhole);
        }
    });

    test('has a rubric in the required form, and a goal that its plan states', () => {
      for (const task of tasks) {
        expect(rubricProblems(task.rubric), task.id).toEqual([]);
        expect(task.plan.every((one, index) => one.after.every((before) => before < index))).toBe(true);
        expect(task.plan.every((one) => task.world.servers.includes(one.server))).toBe(true);
      }
    });
  },
);

test('random valid calls solve at most 2 % of a fixed sample', { timeout: 240_000 }, async ({ annotate }) => {
  const tasks = (await suiteNamed('broad')).tasks('validation', Math.max(120, 40 * instances));
  const results = await live({ pool, openView: toolView, policy: random(), tasks });
  const counted = results.filter((one) => one.success !== null);
  const solved = counted.filter((one) => one.success?.verified).length;
  await annotate(`random valid calls solved ${solved} of ${counted.length}`);
  expect(counted.length, 'episodes that count').toBeGreaterThan(0.9 * tasks.length);
  expect(solved / counted.length, `${solved} of ${counted.length} solved at random`).toBeLessThanOrEqual(0.02);
});
