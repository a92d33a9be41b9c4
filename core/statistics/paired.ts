import { gridOf, type Grid, type Observation } from './bootstrap.ts';
import { unitOf, type Estimate, type EstimateOptions } from './estimate.ts';
import { normalQuantileOf, studentQuantile } from './student.ts';
import { fewestSeeds } from './seeds.ts';

/** `after − before` over what both have in common. */
export interface PairedDifference {
  /** `null` where nothing pairs. */
  readonly difference: Estimate | null;
  /** Of each shared seed, in order: the mean over its tasks. Empty where pairs are by task alone. */
  readonly bySeed: readonly number[];
  readonly pairs: number;
  /** Cells of one side without a partner; they leave the comparison. */
  readonly unpaired: number;
  /** `task and seed`, or `task` where the sides share no seed (then each task's mean over seeds is compared). */
  readonly pairedBy: 'task and seed' | 'task';
}

/**
 * Mean difference of two sides' shares (0..1; of other amounts with `isShare: false`) on the same tasks and seeds, clustered by phrasing: the difference is taken within each cell
 * first, so that what makes a task hard cancels (Miller 2024, arXiv:2411.00640, §4). The interval of `level` is Student's t
 * around it, whose ends are as good at the level that many comparisons ask for as at 95 %. From ten seeds on its standard error
 * is clustered by phrasing and by seed, so that it speaks of new tasks and new trainings; of fewer seeds it is clustered by
 * phrasing alone, and speaks of new tasks and these very trainings. No interval with fewer than four phrasings.
 */
export default function pairedDifference(
  before: readonly Observation[],
  after: readonly Observation[],
  { level = 0.95, isShare = true }: Pick<EstimateOptions, 'level' | 'isShare'> = {},
): PairedDifference {
  const seeds = new Set(before.map((one) => one.seed));
  const pairedBy = after.some((one) => seeds.has(one.seed)) ? 'task and seed' : 'task';
  const [left, right] = [cellsOf(before, pairedBy), cellsOf(after, pairedBy)];
  const differences: Observation[] = [];
  for (const [key, cell] of right) {
    const partner = left.get(key);
    if (partner) differences.push({ ...cell, value: cell.value - partner.value });
  }
  const grid = gridOf(differences);
  return {
    difference: differences.length === 0 ? null : estimateOf(grid, differences.length, level, isShare ? 1 : Infinity),
    bySeed: pairedBy === 'task' ? [] : grid.seeds.map((_, column) => meanOfSeed(grid, column)),
    pairs: differences.length,
    unpaired: left.size + right.size - 2 * differences.length,
    pairedBy,
  };
}

function cellsOf(
  observations: readonly Observation[],
  pairedBy: PairedDifference['pairedBy'],
): Map<string, Observation> {
  const grid = gridOf(observations);
  const phrasings = new Map(observations.map(({ task, phrasing }) => [task, phrasing]));
  const cells = new Map<string, Observation>();
  grid.tasks.forEach((task, row) => {
    const phrasing = phrasings.get(task);
    if (pairedBy === 'task') cells.set(task, { task, phrasing, seed: 0, value: grid.taskMeans[row] as number });
    else {
      grid.seeds.forEach((seed, column) => {
        const value = grid.cells[row * grid.seeds.length + column] as number;
        if (!Number.isNaN(value)) cells.set(`${seed} ${task}`, { task, phrasing, seed, value });
      });
    }
  });
  return cells;
}

function meanOfSeed({ tasks, seeds, cells }: Grid, column: number): number {
  const played = tasks
    .map((_, row) => cells[row * seeds.length + column] as number)
    .filter((one) => !Number.isNaN(one));
  return total(played) / played.length;
}

/** `most`: the farthest that a difference can be from 0. */
function estimateOf(grid: Grid, episodes: number, level: number, most: number): Estimate {
  const { tasks, seeds, cells, taskMeans, clusters } = grid;
  const value = total(taskMeans) / tasks.length;
  const counts = { value, tasks: tasks.length, seeds: seeds.length, episodes };
  if (clusters.length < 4) return { ...counts, low: null, high: null, method: 'too few tasks' };
  if (cells.every((cell) => Number.isNaN(cell) || cell === value))
    return { ...counts, low: value, high: value, method: 'no spread' };
  const isOfNewSeeds = seeds.length >= fewestSeeds;
  const { error, degrees } = errorOf(grid, value, isOfNewSeeds);
  const half = studentQuantile(degrees, normalQuantileOf(level)) * error;
  const unit = unitOf(grid);
  return {
    ...counts,
    low: Math.max(-most, value - half),
    high: Math.min(most, value + half),
    method: isOfNewSeeds
      ? `t over ${unit} and seeds`
      : seeds.length > 1
        ? `t over ${unit}, of these trainings`
        : `t over ${unit}`,
  };
}

/**
 * Standard error of the mean over tasks, clustered by phrasing and, where it is of new seeds, by seed as well (Cameron, Gelbach
 * and Miller 2011, doi:10.1198/jbes.2010.07136: both variances less that of what they share), with the correction for few
 * clusters; and its degrees of freedom, by Satterthwaite from those of the two.
 */
function errorOf(
  { seeds, cells, taskMeans, clusters }: Grid,
  value: number,
  isOfNewSeeds: boolean,
): { readonly error: number; readonly degrees: number } {
  const bySeed = seeds.map(() => 0);
  let [ofClusters, shared] = [0, 0];
  for (const cluster of clusters) {
    const here = seeds.map(() => 0);
    for (const row of cluster) {
      const played = [...cells.subarray(row * seeds.length, (row + 1) * seeds.length)];
      const weight = 1 / (taskMeans.length * played.filter((cell) => !Number.isNaN(cell)).length);
      played.forEach(
        (cell, column) => (here[column] = (here[column] ?? 0) + (Number.isNaN(cell) ? 0 : weight * (cell - value))),
      );
    }
    ofClusters += total(here) ** 2;
    shared += total(here.map((one) => one * one));
    here.forEach((one, column) => (bySeed[column] = (bySeed[column] ?? 0) + one));
  }
  const variance = corrected(ofClusters, clusters.length);
  if (!isOfNewSeeds) return { error: Math.sqrt(variance), degrees: clusters.length - 1 };
  const ofSeeds = corrected(total(bySeed.map((one) => one * one)), seeds.length);
  const both = Math.max(variance, ofSeeds, variance + ofSeeds - shared);
  const degrees =
    (variance + ofSeeds) ** 2 / (variance ** 2 / (clusters.length - 1) + ofSeeds ** 2 / (seeds.length - 1));
  return { error: Math.sqrt(both), degrees };
}

/** A variance of so many clusters, which are few. */
const corrected = (squares: number, count: number): number => (squares * count) / (count - 1);

const total = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
