import { expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { random } from '../../baselines/policies/random.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import basic from '../../suites/basic.ts';
import { WORKING_LEVELS } from '../envs/levels.ts';
import { live } from './live-worlds.ts';
import { isWhole } from '../whole.ts';

/** One task of each family, as every policy plays it. */
async function records(level: (typeof WORKING_LEVELS)[number]): Promise<string[]> {
  const tasks = basic.tasks('test', basic.families.length);
  const pool = openWorldPool({ lanes: 1, level });
  try {
    const lines: string[] = [];
    for (const policy of [oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' }), random()])
      for (const { task: _, ...record } of await live({ pool, openView: toolView, policy, tasks }))
        lines.push(JSON.stringify(record));
    return lines;
  } finally {
    await pool.dispose();
  }
}

test.runIf(isWhole)('episodes have the same bytes at every level that works here', { timeout: 240_000 }, async () => {
  const expected = await records('arguments');
  expect(expected).toHaveLength(2 * basic.families.length);
  expect(Math.min(...expected.map((line) => line.length))).toBeGreaterThan(1000);
  for (const level of WORKING_LEVELS) expect(await records(level), level).toEqual(expected);
});
