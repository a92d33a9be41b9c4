import { expect, test } from 'vitest';
import type { Job } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import readRun from '../../core/record/read-run.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 1, tasks: 240 });
const from = 'grpo-rubric-tool/seed-1';

/** One policy learnt in two views; `solves` says where which kind of prompt is solved. */
function viewsTable(
  solves: Record<string, (isLong: boolean) => boolean | null>,
  algorithms: Readonly<Record<'eager' | 'tool', string>> = { eager: 'grpo', tool: 'grpo' },
) {
  const job = base.manifest.jobs.find(({ name }) => name === from) as Job;
  const jobs = (['eager', 'tool'] as const).map((view): Job => {
    const training = job.training && { ...job.training, algorithm: algorithms[view] };
    return { ...job, name: `pointer-${view}/seed-1`, view, training, rows: { views: `pointer, ${view}` } };
  });
  const trajectories = jobs.flatMap(({ name, view }) =>
    base.trajectories
      .filter(({ key }) => key.job === from && key.phase === 'test')
      .map((one, index): ScoredTrajectory => {
        const isLong = index % 2 === 1;
        const isSolved = solves[view]?.(isLong) ?? null;
        return {
          ...one,
          key: { ...one.key, job: name },
          view,
          prompt: isLong ? 'Write "a". '.repeat(12) : 'Write "a".',
          turns: one.turns.map((turn) => ({
            ...turn,
            tokens: { ...turn.tokens, prompt: view === 'eager' ? 30_000 : 900 },
          })),
          success: isSolved === null ? null : { verified: isSolved, properFinish: isSolved },
          rewards: { ...one.rewards, rubric: isSolved === null ? null : Number(isSolved) },
        };
      }),
  );
  using written = writeRun({ ...base, manifest: { ...base.manifest, jobs }, trajectories, learning: [], timings: [] });
  const rows = tablesOf([readRun(written.folder)], []).find(({ name }) => name === 'views')?.rows ?? [];
  return Object.fromEntries(
    rows.filter(({ split }) => split === 'test').map((row) => [row['arm'], row as Record<string, unknown>]),
  );
}

const value = (cell: unknown) => (cell as { value: number }).value;

test('a bandit over views finds which view suits which prompt', () => {
  const rows = viewsTable({ eager: (isLong) => isLong, tool: (isLong) => !isLong });
  expect(value(rows['pointer, eager']?.['verifier_success'])).toBe(0.5);
  expect(value(rows['LinUCB over views of pointer']?.['verifier_success'])).toBeGreaterThan(0.85);
  expect(rows['LinUCB over views of pointer']).toMatchObject({ policy: 'pointer', view: 'eager or tool', tasks: 240 });
});

test('a price of tokens makes it choose the cheap view where both solve as much', () => {
  const rows = viewsTable({ eager: () => true, tool: () => true });
  const [free, priced] = ['LinUCB over views of pointer', 'LinUCB over views of pointer, 0.00001 a token'].map((arm) =>
    value(rows[arm]?.['peak_tokens']),
  );
  expect(free).toBeGreaterThan(6000);
  expect(priced).toBeLessThan(3000);
});

test('tasks that are void in a view are no rounds, and one view is no choice', () => {
  const rows = viewsTable({ eager: (isLong) => (isLong ? null : true), tool: () => true });
  expect(rows['LinUCB over views of pointer']).toMatchObject({ tasks: 120, void_episodes: 0 });
  using written = writeRun(base);
  const all = tablesOf([readRun(written.folder)], []).flatMap((table) => table.rows);
  expect(all.filter(({ arm }) => typeof arm === 'string' && arm.includes('LinUCB'))).toEqual([]);
});

test('learners whose settings were tuned view by view are one policy, and those that differ otherwise are not', () => {
  const always = { eager: () => true, tool: () => true };
  const rowsOf = (tool: string) =>
    Object.keys(viewsTable(always, { eager: 'grpo?learningRate=0.006&entropyBonus=none', tool }));
  expect(rowsOf('grpo?learningRate=0.003&entropyBonus=controlled')).toContain('LinUCB over views of pointer');
  expect(rowsOf('grpo?scale=none')).not.toContain('LinUCB over views of pointer');
});
