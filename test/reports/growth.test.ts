import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Episode } from '../../core/record/episode-figures.ts';
import readRun from '../../core/record/read-run.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { evaluationPhase } from '../../core/phase.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { withPhrasings } from '../../reports/arms/arms.ts';
import growthPlot from '../../reports/figures/growth-plot.ts';
import { logScale } from '../../reports/figures/scales.ts';
import { namedArms } from '../../reports/arms/named-arms.ts';
import { growthCharts } from '../../reports/html/growth-charts.ts';
import { isEstimate, type Cell, type Table } from '../../reports/tables/table.ts';
import { renderRecord, writeRecord } from '../../reports/write-record.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const sizes = [10, 100, 1000] as const;
const tasks = 8;
const seeds = 10;

/** What is planted for the task of a number among so many tools. */
interface Planted {
  readonly verified: (task: number, tools: number, seed: number) => boolean;
  readonly peak: (task: number, tools: number) => number;
}

/** A run of one trained policy and one fixed one in two views, whose episodes are as planted. */
function plantedRun({ verified, peak }: Planted): SyntheticRun {
  const base = syntheticRun({ seeds: 1, tasks });
  const evaluations = sizes.map((tools) => ({ split: 'test', tasks, tools }) as const);
  const training = base.manifest.jobs[0]?.training ?? null;
  const views = ['eager', 'tool'];
  const jobs: Job[] = views.flatMap((view) => [
    ...Array.from({ length: seeds }, (_, index) => {
      const seed = index + 1;
      const rows = { growth: `pointer, ${view}` };
      return { name: `grpo-${view}/seed-${seed}`, rows, seed, policy: 'pointer', view, training, evaluations };
    }),
    {
      name: `oracle-${view}/seed-1`,
      rows: { growth: `oracle, ${view}` },
      seed: 1,
      policy: 'oracle',
      view,
      training: null,
      evaluations,
    },
  ]);
  const model = base.trajectories[0] as ScoredTrajectory;
  const ids = Array.from({ length: tasks }, (_, number) => `basic/file-notes/test/${String(number).padStart(4, '0')}`);
  const trajectories = jobs.flatMap((job) =>
    evaluations.flatMap((evaluation) =>
      ids.map((task, number): ScoredTrajectory => {
        const isVerified = verified(number, evaluation.tools, job.seed);
        const [first] = model.turns as [ScoredTrajectory['turns'][number]];
        const prompt = peak(number, evaluation.tools);
        const turns = [{ ...first, tokens: { ...first.tokens, prompt } }];
        const key = { job: job.name, phase: evaluationPhase(evaluation), task, repetition: 0 };
        const success = { verified: isVerified, properFinish: isVerified };
        return { ...model, key, policy: job.policy, view: job.view, turns, success };
      }),
    ),
  );
  const sets = (tools: number) => [
    { own: ['a'], servers: ['a'], tools, listedTools: 0, nearTools: 0, clashingTools: 0, tasks: ids.slice(0, 4) },
    {
      own: ['b'],
      servers: ['b'],
      tools: tools + 2,
      listedTools: 0,
      nearTools: 0,
      clashingTools: 0,
      tasks: ids.slice(4),
    },
  ];
  const manifest: Manifest = {
    ...base.manifest,
    jobs,
    sizes: sizes.map((tools) => ({ asked: String(tools), sets: sets(tools) })),
  };
  return { ...base, manifest, trajectories, learning: [], timings: [] };
}

const tableIn = (tables: readonly Table[], name: string): Table => tables.find((table) => table.name === name) as Table;
const rowIn = ({ rows }: Table, ...cells: readonly string[]) =>
  rows.find((row) => cells.every((cell) => Object.values(row).includes(cell))) ?? {};
const valueOf = (cell: Cell | undefined) => (isEstimate(cell) ? cell.value : Number.NaN);

function tablesFrom(planted: Planted): readonly Table[] {
  using written = writeRun(plantedRun(planted));
  return tablesOf([readRun(written.folder)], []);
}

const usual: Planted = {
  verified: (task, tools) => task >= Math.log10(tools),
  peak: (task, tools) => 100 + task + 50 * tools,
};

describe('growth', () => {
  test('has a row for each policy, view and size, with the tools that tasks were truly offered', () => {
    const growth = tableIn(tablesFrom(usual), 'growth');
    expect(growth.rows).toHaveLength(4 * sizes.length);
    expect(rowIn(growth, 'pointer, eager', '100')).toMatchObject({
      policy: 'pointer',
      view: 'eager',
      tools: 101,
      least_tools: 100,
      most_tools: 102,
      tasks,
      seeds,
      episodes: tasks * seeds,
      verifier_success: { value: 6 / 8, seeds },
    });
    expect(rowIn(growth, 'oracle, tool', '1000')).toMatchObject({ seeds: 1, verifier_success: { value: 5 / 8 } });
  });

  test('counts an episode over a window by its longest prompt alone: one of just as many tokens is within', () => {
    const at = 8 * 1024;
    const peaks = [at - 1, at, at + 1, 32 * 1024 + 1, 128 * 1024, 128 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1];
    const growth = tableIn(tablesFrom({ ...usual, peak: (task) => peaks[task] as number }), 'growth');
    const row = rowIn(growth, 'oracle, eager', '10');
    expect(['over_8k', 'over_32k', 'over_128k', 'over_1m'].map((key) => valueOf(row[key]))).toEqual([
      6 / 8,
      5 / 8,
      3 / 8,
      1 / 8,
    ]);
  });

  test('is not there of runs whose jobs name no sizes', () => {
    using written = writeRun(syntheticRun({ seeds: 1, tasks: 4 }));
    const names = tablesOf([readRun(written.folder)], []).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('growth'))).toEqual([]);
  });
});

/** The tools of a task are 10, 100, 1000, or two more each. */
const offered = (task: number, tools: number): number => (task < 4 ? tools : tools + 2);

/** Three times as many tokens for ten times as many tools. */
const threefold: Planted['peak'] = (task, tools) => 1e6 * offered(task, tools) ** Math.log10(3);

/** Half of the trainings lose half of the tasks among a thousand tools. */
const losingHalf: Planted['verified'] = (task, tools, seed) => tools < 1000 || seed % 2 === 0 || task >= 4;

describe('slopes of growth', () => {
  test('are those of a known line, in percent where the prompt grows by a factor', () => {
    const slopes = tableIn(tablesFrom({ ...usual, peak: threefold }), 'growth-slopes');
    const { peak_percent: percent, sizes: counted } = rowIn(slopes, 'oracle, eager');
    expect(counted).toBe(3);
    expect(valueOf(percent)).toBeCloseTo(200, 6);
  });

  test('of success are the mean over tasks, with an interval over phrasings and trainings of a trained policy', () => {
    const slopes = tableIn(tablesFrom({ ...usual, verified: losingHalf }), 'growth-slopes');
    const { verifier_success: trained } = rowIn(slopes, 'pointer, eager');
    expect(valueOf(trained)).toBeCloseTo(-0.5 * 0.25, 6);
    expect(trained).toMatchObject({ seeds, method: 'bootstrap over tasks and seeds' });
    const { low, high } = trained as { readonly low: number; readonly high: number };
    expect(low).toBeLessThan(-0.125);
    expect(high).toBeGreaterThan(-0.125);
    const { verifier_success: fixed } = rowIn(slopes, 'oracle, eager');
    expect(fixed).toMatchObject({ seeds: 1, method: 'bootstrap over tasks' });
  });

  test('leave out tasks that are void at all sizes but one', () => {
    const run = plantedRun(usual);
    const trajectories = run.trajectories.map((one): ScoredTrajectory =>
      one.key.phase === 'test-10-tools' || !one.key.task.endsWith('0007')
        ? one
        : { ...one, success: null, outcome: { kind: 'failed', culprit: 'world', message: 'gone' } },
    );
    using written = writeRun({ ...run, trajectories });
    const slopes = tableIn(tablesOf([readRun(written.folder)], []), 'growth-slopes');
    expect(rowIn(slopes, 'oracle, eager')['verifier_success']).toMatchObject({ tasks: tasks - 1 });
  });
});

test('rows alone give the same tables and figure, byte by byte', () => {
  using written = writeRun(plantedRun(usual));
  const record = mkdtempSync(join(tmpdir(), 'toolstone-growth-'));
  onTestFinished(() => rmSync(record, { recursive: true, force: true }));
  const run = withPhrasings(readRun(written.folder));
  writeRecord(record, { ...run, chain: { kind: 'sealed', head: 'a' } });
  const { tables } = renderRecord(record, []);
  for (const name of ['growth', 'growth-slopes'])
    expect(tableIn(tables, name)).toEqual(tableIn(tablesOf([run], []), name));
  const first = readFileSync(join(record, 'growth.svg'), 'utf8');
  expect(readFileSync(join(record, 'report.html'), 'utf8')).toContain('id="chart-growth-0"');
  renderRecord(record, []);
  expect(readFileSync(join(record, 'growth.svg'), 'utf8')).toBe(first);
  const cells = readRun(record).episodes.map(({ phase, peakTokens }: Episode) => `${phase} ${peakTokens}`);
  expect(new Set(cells.map((cell) => cell.split(' ')[0]))).toEqual(
    new Set(sizes.map((tools) => `test-${tools}-tools`)),
  );
});

describe('the figure of growth', () => {
  test('has a panel for success and one for context of each policy, and a mark for each cell', () => {
    const plot = growthPlot(tableIn(tablesFrom(usual), 'growth')) ?? '';
    expect(plot.match(/class="head"/g)).toHaveLength(2);
    expect(plot.match(/<circle cx="[\d.]+" cy="[-\d.]+" r="3"><title>/g)).toHaveLength(2 * 2 * 2 * sizes.length);
    expect(plot).toContain('pointer, eager, 1001 tools: 0.63');
    expect(plot).toContain('>32k</text>');
  });

  test('is of no other table, nor of one without rows', () => {
    const growth = tableIn(tablesFrom(usual), 'growth');
    expect(growthPlot({ ...growth, name: 'views' })).toBeNull();
    expect(growthPlot({ ...growth, rows: [] })).toBeNull();
  });

  test('has equal room for each tenfold', () => {
    const { at, ticks, holds } = logScale([10, 1000], [0, 300]);
    expect(at(100) - at(10)).toBeCloseTo(at(1000) - at(100), 9);
    expect(ticks.map(({ text }) => text)).toEqual(['10', '30', '100', '300', '1k']);
    expect([holds(1), holds(500), holds(1e5)]).toEqual([false, true, false]);
    expect(() => logScale([0], [0, 1])).toThrow(RangeError);
  });

  test('stands on the page in the colours of the arms', () => {
    const run = plantedRun(usual);
    const tables = tablesFrom(usual);
    const charts = growthCharts(tables, namedArms(run.manifest.jobs));
    expect(charts.map(({ policy, measure }) => `${policy}, ${measure}`)).toEqual([
      'pointer, success',
      'pointer, peak context',
      'oracle, success',
      'oracle, peak context',
    ]);
    const [first] = charts;
    expect(first?.lines.map(({ view, arm }) => `${view} ${arm}`)).toEqual(['eager 0', 'tool 2']);
    expect(first?.lines[0]?.points.map(({ tools }) => tools)).toEqual([11, 101, 1001]);
  });
});
