import type { Run } from './read-run.ts';
import type { Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'job', title: 'Job', kind: 'text' },
  { key: 'phase', title: 'Phase', kind: 'text' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'seconds', title: 'Seconds', kind: 'amount' },
  { key: 'episodes_per_second', title: 'Episodes per second', kind: 'amount' },
];

/** Wall times by job and phase, learning-curve points summed: the one table that differs between equal runs. */
export default function timingsTable(runs: readonly Run[]): Table {
  const sums = new Map<string, { job: string; phase: string; episodes: number; seconds: number }>();
  for (const { job, phase: point, episodes, seconds } of runs.flatMap((run) => run.timings)) {
    const phase = point.split('@')[0] ?? point;
    const sum = sums.get(`${job} ${phase}`) ?? { job, phase, episodes: 0, seconds: 0 };
    sum.episodes += episodes;
    sum.seconds += seconds;
    sums.set(`${job} ${phase}`, sum);
  }
  const rows = [...sums.values()]
    .sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0))
    .map((sum) => ({ ...sum, episodes_per_second: sum.seconds > 0 ? sum.episodes / sum.seconds : null }));
  return {
    name: 'timings',
    title: 'Wall times',
    about: 'Seconds of wall clock on the machine that made the run, jobs side by side on its cores.',
    columns,
    rows,
  };
}
