import { afterAll, describe, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { random } from '../../baselines/policies/random.ts';
import { executions } from '../../core/execution.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { isWhole } from '../whole.ts';
import { live, story } from '../suites/live-worlds.ts';

// One lane, so that each server is started once.
const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const suites = await Promise.all(['broad', 'basic', 'ladder', 'bulk', 'long-horizon'].map((name) => suiteNamed(name)));
const families = [...new Set(suites.flatMap((suite) => suite.families))];
const views = await Promise.all(viewNames().map(async (name) => [name, await viewNamed(name)] as const));

/** Tasks tried of each family, and of every so many families. */
const [instances, stride] = isWhole ? [12, 1] : [1, 6];

function tasksOf(family: string): readonly Task[] {
  for (const suite of suites)
    for (const split of ['test', 'held-out-family'] as const)
      try {
        return suite.tasks(split, instances, [family]);
      } catch {
        // This split has none of it.
      }
  throw new RangeError(`no suite has a task of ${family}`);
}

const textOf = (value: unknown): string => JSON.stringify(value);

/** All views where the whole suite is asked for, otherwise one, in turn. */
const viewsFor = (place: number) =>
  isWhole ? views : [views[(place / stride) % views.length] as (typeof views)[number]];

describe.each(families.map((family, place) => ({ family, place })).filter(({ place }) => place % stride === 0))(
  'family $family',
  { timeout: 600_000 },
  ({ family, place }) => {
    test('is solved by programs of the oracle alone, as it is by calls', async () => {
      const tasks = tasksOf(family);
      const solutions = new Map(tasks.map((task) => [task.id, task]));
      const policy = oracle((id) => solutions.get(id) ?? { plan: [], answer: '' });
      for (const [name, openView] of viewsFor(place))
        for (const result of await live({ pool, openView: withExecution(openView, 'programs'), policy, tasks })) {
          expect(result.success, `${name} ${story(result)}`).toEqual({ verified: true, properFinish: true });
          expect(result.rewards.rubric, `${name} ${story(result)}`).toBeCloseTo(1, 12);
          const calls = callsOf(result);
          // What a program takes from earlier results is what the plan has there; a list may have another order.
          const inside = calls.filter(({ isInside }) => isInside).map(({ action }) => action.arguments);
          const planned = result.task.plan.map(({ server, tool, arguments: given }) => ({
            server,
            tool,
            arguments: given,
          }));
          expect(inside.map(textOf).sort(), story(result)).toEqual(planned.map(textOf).sort());
          expect(calls.filter(({ action, isInside }) => action.name === 'call_tool' && !isInside)).toEqual([]);
        }
    });
  },
);

test.each(viewNames().flatMap((view) => executions.map((execution) => ({ view, execution }))))(
  'random calls by $execution are all valid in the view $view, and equal where the seed is',
  { timeout: 240_000 },
  async ({ view, execution }) => {
    const [task] = (await suiteNamed('basic')).tasks('test', 1);
    if (!task) throw new RangeError('basic has no tasks');
    const openView = withExecution(await viewNamed(view), execution);
    const play = () => live({ pool, openView, policy: random(), tasks: [task] });
    const [first, second] = [await play(), await play()];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    for (const { event, observation } of first.flatMap(callsOf))
      expect(event.kind, observation.text).not.toBe('refused');
  },
);
