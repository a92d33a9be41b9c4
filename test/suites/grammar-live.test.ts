import { afterAll, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { random } from '../../baselines/policies/random.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import basic2 from '../../suites/basic-2.ts';
import broad2 from '../../suites/broad-2.ts';
import { isWhole } from '../whole.ts';
import { live, story } from './live-worlds.ts';

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

test.each(isWhole ? [{ suite: basic2 }, { suite: broad2 }] : [{ suite: basic2 }])(
  'the oracle solves tasks of every split of $suite.name, and random none',
  { timeout: 600_000 },
  async ({ suite }) => {
    const tasks = suite.splits.flatMap((split) => suite.tasks(split, isWhole ? 12 : 1));
    const planned = oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });
    for (const one of await live({ pool, openView: toolView, policy: planned, tasks }))
      expect(one.success?.properFinish, story(one)).toBe(true);
    for (const one of await live({ pool, openView: toolView, policy: random(), tasks }))
      expect(one.success?.verified, story(one)).toBe(false);
  },
);
