import { afterAll, describe, expect, test } from 'vitest';
import type { Action, JsonObject, Policy, Task, View } from '../../core/types.ts';
import noOp from '../../baselines/no-op.ts';
import oracle from '../../baselines/oracle.ts';
import random from '../../baselines/random.ts';
import eager from '../../envs/views/eager.ts';
import serverView from '../../envs/views/server.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import basic from '../../suites/basic.ts';
import { live, story } from './live-worlds.ts';

const pool = openWorldPool({ lanes: 3 });
afterAll(() => pool.dispose());

const act = (name: string, args: JsonObject): Action => ({ name, arguments: args });

const call = (server: string, tool: string, args: JsonObject) => act('call_tool', { server, tool, arguments: args });

/** Does what a list of actions says. */
const scripted = (name: string, actionsOf: (task: string) => readonly Action[]): Policy => ({
  name,
  start: ({ taskId }) => {
    const actions = [...actionsOf(taskId)];
    return { act: () => ({ action: actions.shift() ?? act('finish', {}) }) };
  },
});

const solutionOf = (tasks: readonly Task[]) => {
  const solutions = new Map(tasks.map((task) => [task.id, task]));
  return (id: string) => solutions.get(id) ?? { plan: [], answer: '' };
};

describe.each(basic.families.map((family) => ({ family })))('family $family', ({ family }) => {
  const tasks = basic.tasks('test', 12, [family]);

  test('starts as its facts say, and the oracle solves it in every view', { timeout: 120_000 }, async () => {
    const standIns = ['compute-save', 'board-tasks'].includes(family)
      ? []
      : basic.tasks('held-out-server', 7, [family]);
    const untouched = await Promise.all(
      [tasks[0], standIns[0]].flatMap((task) =>
        task ? [pool.use(task.world, 1, async (world) => ({ task, facts: await world.evidence() }))] : [],
      ),
    );
    for (const { task, facts } of untouched) expect(facts).toEqual(task.initial);
    const views: [View['name'], typeof toolView, readonly Task[]][] = [
      ['tool', toolView, [...tasks, ...standIns]],
      ['server', serverView, tasks.slice(0, 2)],
      ['eager', eager, tasks.slice(0, 2)],
    ];
    for (const [name, openView, chosen] of views)
      for (const result of await live({ pool, openView, policy: oracle(solutionOf(chosen)), tasks: chosen })) {
        expect(result.success, `${name} ${story(result)}`).toEqual({ verified: true, properFinish: true });
        expect(result.rewards.rubric, story(result)).toBeCloseTo(1, 12);
        expect(result.rewards['state-share']).toBe(1);
      }
  });

  test('fails whoever does nothing, claims success, or damages something beside the goal', async () => {
    const few = tasks.slice(0, 3);
    const claim = scripted('claim', () => [act('finish', { answer: 'Everything was done as asked.' })]);
    for (const policy of [noOp(), claim])
      for (const result of await live({ pool, openView: eager, policy, tasks: few })) {
        expect(result.success, story(result)).toEqual({ verified: false, properFinish: false });
        expect(result.rewards).toEqual({ sparse: 0, 'state-share': 0, rubric: 0 });
      }
    const damage = [
      call('filesystem', 'write_file', { path: 'stray.txt', content: 'x' }),
      call('memory', 'create_entities', { entities: [{ name: 'x', entityType: 'x', observations: [] }] }),
      call('memory-bank', 'memory_bank_write', { projectName: 'x', fileName: 'x.md', content: 'x' }),
      call('dex-tasks', 'create_task', { name: 'x', description: 'x' }),
    ];
    for (const [index, harm] of damage.entries()) {
      const solution = solutionOf(few);
      const policy = scripted('damage', (id) => [
        harm,
        ...solution(id).plan.map((one) => call(one.server, one.tool, one.arguments)),
      ]);
      for (const result of await live({
        pool,
        openView: eager,
        policy,
        tasks: few.slice(index % 3, (index % 3) + 1),
      })) {
        expect(result.success?.verified, story(result)).toBe(false);
        expect(result.rewards['state-share'] ?? 1, story(result)).toBeLessThan(1);
        expect(result.rewards.rubric ?? 1, story(result)).toBeLessThan(0.85);
      }
    }
  });
});

test('random valid calls solve at most 2 % of a fixed sample', { timeout: 120_000 }, async () => {
  const tasks = basic.tasks('validation', 120);
  const results = await live({ pool, openView: toolView, policy: random(), tasks });
  const counted = results.filter((one) => one.success !== null);
  const solved = counted.filter((one) => one.success?.verified).length;
  expect(counted.length, 'episodes that count').toBeGreaterThan(110);
  expect(solved / counted.length, `${solved} of ${counted.length} solved at random`).toBeLessThanOrEqual(0.02);
});
