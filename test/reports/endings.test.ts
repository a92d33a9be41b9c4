import { describe, expect, it } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Table } from '../../reports/tables/table.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });

function tables(run: SyntheticRun): Record<string, Table> {
  using written = writeRun(run);
  return Object.fromEntries(tablesOf([readRun(written.folder)], []).map((table) => [table.name, table]));
}

/** Changes the trajectories of one job and phase. */
const changed = (job: string, phase: string, change: (one: ScoredTrajectory, index: number) => ScoredTrajectory) => {
  let index = 0;
  const trajectories = base.trajectories.map((one) =>
    one.key.job === job && one.key.phase === phase ? change(one, index++) : one,
  );
  return { ...base, trajectories };
};

const row = (table: Table | undefined, wanted: Record<string, string>) => {
  const found = table?.rows.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
  if (!found) throw new Error(`no row ${JSON.stringify(wanted)}`);
  return found;
};
const voidOf = (share: number) =>
  tables({
    ...base,
    trajectories: base.trajectories.map((one, index) =>
      index % 20 < 20 * share
        ? { ...one, success: null, outcome: { kind: 'failed', culprit: 'world', message: 'git died' } }
        : one,
    ),
  });

describe('void episodes', () => {
  it('says in its title that more than a tenth of its episodes are void, and not of a tenth', () => {
    const many = voidOf(0.2);
    for (const name of ['rewards', 'algorithms', 'views']) {
      expect(many[name]?.title, name).toMatch(/\(\d+ of \d+ episodes are void and in no mean\)$/);
      expect(many[name]?.about, name).toMatch(/^\d+ of \d+ episodes are void/);
    }
    expect(voidOf(0.05)['algorithms']?.title).toBe('Algorithms and baselines');
  });
});

const lose = (one: ScoredTrajectory, lost: 'no-call' | 'cut', finishReason: string): ScoredTrajectory => ({
  ...one,
  turns: one.turns.map((turn, index) => (index === 0 ? { ...turn, lost, finishReason } : turn)),
});

describe('what models and their endpoints do', () => {
  it('has a column for each kind that is there, and none where nothing is', () => {
    const run = changed('oracle-tool/seed-1', 'test', (one, index) => {
      if (index === 0) return lose(one, 'cut', 'MAX_TOKENS');
      if (index === 1) return lose(one, 'no-call', 'stop');
      return index < 4 ? { ...one, outcome: { kind: 'truncated', cause: 'endpoint-context' } } : one;
    });
    const { algorithms } = tables(run);
    expect(row(algorithms, { algorithm: 'oracle', split: 'test' })).toMatchObject({
      turns_cut: 1,
      turns_no_call: 1,
      cut_replies: 1,
      ended_by_context: 2,
    });
    expect(row(algorithms, { algorithm: 'random', split: 'test' })).toMatchObject({
      turns_cut: 0,
      ended_by_context: 0,
    });
    expect(algorithms?.columns.slice(-4).map(({ key }) => key)).toEqual([
      'turns_no_call',
      'turns_cut',
      'cut_replies',
      'ended_by_context',
    ]);
    expect(tables(base)['algorithms']?.columns.at(-1)?.key).toBe('endings');
  });
});
