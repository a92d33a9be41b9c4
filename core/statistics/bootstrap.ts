import { randomStream, seedOf } from '../seeds.ts';

/** One episode's value. `seed` is the training's (job's) seed; several values per task and seed are repeats. */
export interface Observation {
  readonly task: string;
  /** What the tasks of one wording share, such as the phrasing that they were asked in; absent: the task is alone. */
  readonly phrasing?: string | undefined;
  readonly seed: number;
  readonly value: number;
}

/** Cell means, tasks × seeds in row-major order, `NaN` where a cell has no observation. */
export interface Grid {
  readonly tasks: readonly string[];
  readonly seeds: readonly number[];
  readonly cells: Float64Array;
  /** Mean of each task's cells. */
  readonly taskMeans: readonly number[];
  /** Rows of tasks that are resampled together, each row once, in order of their first. */
  readonly clusters: readonly (readonly number[])[];
}

/** Orders tasks and seeds by name, so that the order of observations cannot change a number. */
export function gridOf(observations: readonly Observation[]): Grid {
  const tasks = [...new Set(observations.map((one) => one.task))].sort();
  const seeds = [...new Set(observations.map((one) => one.seed))].sort((a, b) => a - b);
  const row = new Map(tasks.map((task, index) => [task, index]));
  const phrasings = new Map(observations.map(({ task, phrasing }) => [task, phrasing ?? `task ${task}`]));
  const column = new Map(seeds.map((seed, index) => [seed, index]));
  const values: number[][] = Array.from({ length: tasks.length * seeds.length }, () => []);
  for (const { task, seed, value } of observations) {
    values[(row.get(task) as number) * seeds.length + (column.get(seed) as number)]?.push(value);
  }
  // Sorted before summing: floating-point sums depend on order.
  const cells = Float64Array.from(values, (list) =>
    list.length === 0 ? Number.NaN : mean(list.sort((a, b) => a - b)),
  );
  const taskMeans = tasks.map((_, index) => {
    const cellsOfTask = cells.subarray(index * seeds.length, (index + 1) * seeds.length);
    return mean([...cellsOfTask].filter((cell) => !Number.isNaN(cell)));
  });
  const clusters = [...Map.groupBy(taskMeans.keys(), (index) => phrasings.get(tasks[index] as string)).values()];
  return { tasks, seeds, cells, taskMeans, clusters };
}

/**
 * Means of resampled grids, sorted. Clusters of tasks are drawn with replacement, and so are seeds, independently, where there
 * are two or more. A task whose drawn seeds are all missing leaves that resample. The same grid gives the same means anywhere.
 */
export function resampledMeans({ seeds, cells, taskMeans, clusters }: Grid, resamples: number): number[] {
  const clusterCount = clusters.length;
  const seedCount = seeds.length;
  const { below } = randomStream(seedOf('bootstrap', clusterCount, seedCount));
  const weights = new Uint32Array(seedCount);
  const means: number[] = [];
  while (means.length < resamples) {
    weights.fill(0);
    for (let i = 0; i < seedCount; i++) weights[below(seedCount)]! += 1;
    let sum = 0;
    let kept = 0;
    for (let i = 0; i < clusterCount; i++) {
      for (const row of clusters[below(clusterCount)] ?? []) {
        const value = seedCount === 1 ? (taskMeans[row] as number) : weightedMean(cells, row * seedCount, weights);
        if (Number.isNaN(value)) continue;
        sum += value;
        kept += 1;
      }
    }
    if (kept > 0) means.push(sum / kept);
  }
  return means.sort((a, b) => a - b);
}

function weightedMean(cells: Float64Array, start: number, weights: Uint32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    const cell = cells[start + i] as number;
    if (weight === 0 || Number.isNaN(cell)) continue;
    sum += weight * cell;
    total += weight;
  }
  return sum / total;
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
