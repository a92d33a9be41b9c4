import { afterAll, describe, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Action, Split, Task } from '../../core/types.ts';
import eager from '../../envs/views/eager.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import bulk from '../../suites/bulk.ts';
import { drawShare } from '../../suites/tasks/bulk.ts';
import { drawFrom } from '../../suites/tasks/draw.ts';
import { familiesNamed } from '../../suites/tasks/family-list.ts';
import { type Size, sizeIn } from '../../suites/tasks/size.ts';
import { isWhole } from '../whole.ts';
import { scripted } from './cheats.ts';
import { live, story } from './live-worlds.ts';

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const limits = { ...defaultLimits, contextTokens: 128_000 };
// The held-out family has tasks of 2 to 10 items alone.
const families = await familiesNamed(...bulk.families.filter((name) => name !== 'bulk-sort'));

test('sizes are those of the splits, and 2 to 10 elsewhere', () => {
  const sizes = bulk.splits.map((split): readonly [Split, Size] => [split, sizeIn(split)]);
  expect(Object.fromEntries(sizes.filter(([, size]) => size !== 'few'))).toEqual({ 'items-50': 50, 'items-200': 200 });
  const draw = drawFrom('train', 1, 'bulk');
  for (let count = 2; count <= 200; count++)
    for (let turn = 0; turn < 20; turn++) {
      const share = drawShare(draw, count);
      expect(share).toBeGreaterThanOrEqual(1);
      expect(share).toBeLessThanOrEqual(count / 2);
    }
});

test.each(families)('$name grows with its items and not its prompt', ({ name, shapes }) => {
  const count = 2 * shapes;
  const [few, fifty, many] = (['test', 'items-50', 'items-200'] as const).map((split) =>
    bulk.tasks(split, count, [name]),
  ) as [readonly Task[], readonly Task[], readonly Task[]];
  expect(Math.max(...few.map(({ plan }) => plan.length))).toBeLessThanOrEqual(22);
  for (const [tasks, items] of [
    [fifty, 50],
    [many, 200],
  ] as const)
    for (const task of tasks.filter(({ plan }) => plan.length > 1)) {
      expect(task.plan.length, task.id).toBeGreaterThan(items);
      expect(task.plan.length, task.id).toBeLessThanOrEqual(2 * items + 8);
      expect(task.prompt.length).toBeLessThan(500);
      expect(rubricProblems(task.rubric), task.id).toEqual([]);
    }
});

/** The last call that changes something is left out: what becomes of the last item, or of all. */
function allButOne({ plan }: Task): Action[] {
  const last = plan.findLastIndex(({ tool }) => !/read|list|open|math/.test(tool));
  return plan
    .filter((_, index) => index !== last)
    .map((call) => ({
      name: 'call_tool',
      arguments: { server: call.server, tool: call.tool, arguments: call.arguments },
    }));
}

describe.each<{ split: Split; names: readonly string[] }>(
  isWhole
    ? (['items-50', 'items-200'] as const).map((split) => ({ split, names: families.map(({ name }) => name) }))
    : [{ split: 'items-50', names: ['bulk-filter', 'bulk-join'] }],
)('$split', { timeout: 600_000 }, ({ split, names }) => {
  const tasks = bulk.tasks(split, isWhole ? 2 * names.length : names.length, names);

  test('the oracle solves it by direct calls in a window of 128,000 tokens, and no result is cut', async () => {
    const planned = oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });
    const plans: { readonly family: string; readonly isTooLong: boolean }[] = [];
    for (const one of await live({ pool, openView: toolView, policy: planned, tasks, limits })) {
      expect(one.success, story(one).slice(0, 2000)).toEqual({ verified: true, properFinish: true });
      expect(one.rewards.rubric).toBeCloseTo(1, 12);
      expect(callsOf(one).filter(({ observation }) => observation.cutTokens)).toEqual([]);
      const peak = Math.max(...one.turns.map(({ tokens }) => tokens.prompt));
      plans.push({ family: one.task.family, isTooLong: peak > defaultLimits.contextTokens });
    }
    // What `docs/suites.md` says of the usual window.
    const longFamilies = split === 'items-200' ? ['bulk-join', 'bulk-migrate'] : [];
    const isOfThese = ({ family }: { readonly family: string }) => longFamilies.includes(family);
    expect(plans).toHaveLength(tasks.length);
    expect(plans.filter((plan) => isOfThese(plan) && !plan.isTooLong)).toEqual([]);
    const others = plans.filter((plan) => !isOfThese(plan));
    expect(others.some(({ isTooLong }) => isTooLong)).toBe(split === 'items-200');
    expect(others.some(({ isTooLong }) => !isTooLong)).toBe(true);
  });

  test('what is left out is missed', async () => {
    const changing = tasks.filter(({ answer }) => answer === '');
    expect(changing).not.toEqual([]);
    const policy = scripted('all but one', changing, allButOne);
    for (const one of await live({ pool, openView: eager, policy, tasks: changing, limits }))
      expect(one.success?.verified, one.key.task).toBe(false);
  });
});
