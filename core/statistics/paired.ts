import { gridOf, type Observation } from './bootstrap.ts';
import estimateMean, { type Estimate, type EstimateOptions } from './estimate.ts';

/** `after − before` over what both have in common. */
export interface PairedDifference {
  /** `null` where nothing pairs. */
  readonly difference: Estimate | null;
  readonly pairs: number;
  /** Cells of one side without a partner; they leave the comparison. */
  readonly unpaired: number;
  /** `task and seed`, or `task` where the sides share no seed (then each task's mean over seeds is compared). */
  readonly pairedBy: 'task and seed' | 'task';
}

/**
 * Mean difference of two sides on the same tasks and seeds, clustered by task: the difference is taken within each cell
 * first, so that what makes a task hard cancels (Miller 2024, arXiv:2411.00640, §4).
 */
export default function pairedDifference(
  before: readonly Observation[],
  after: readonly Observation[],
  options: EstimateOptions = {},
): PairedDifference {
  const seeds = new Set(before.map((one) => one.seed));
  const pairedBy = after.some((one) => seeds.has(one.seed)) ? 'task and seed' : 'task';
  const [left, right] = [cellsOf(before, pairedBy), cellsOf(after, pairedBy)];
  const differences: Observation[] = [];
  for (const [key, cell] of right) {
    const partner = left.get(key);
    if (partner) differences.push({ ...cell, value: cell.value - partner.value });
  }
  return {
    difference: estimateMean(differences, { ...options, isShare: false }),
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
  const cells = new Map<string, Observation>();
  grid.tasks.forEach((task, row) => {
    if (pairedBy === 'task') cells.set(task, { task, seed: 0, value: grid.taskMeans[row] as number });
    else {
      grid.seeds.forEach((seed, column) => {
        const value = grid.cells[row * grid.seeds.length + column] as number;
        if (!Number.isNaN(value)) cells.set(`${seed} ${task}`, { task, seed, value });
      });
    }
  });
  return cells;
}
