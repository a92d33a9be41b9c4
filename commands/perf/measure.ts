import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, quantile } from 'simple-statistics';
import { Bench } from 'tinybench';
import { messageOf, UsageError } from '../../core/errors.ts';
import { moduleEnding } from '../../core/list.ts';
import { tell } from '../shared/printing.ts';

/** One of two things measured side by side. */
export interface PerfSide {
  readonly name: string;
  /** One round's figure, in the comparison's unit. */
  readonly sample: () => Promise<number>;
}

export interface PerfTarget {
  /** Which figure has to reach it. */
  readonly of: 'ours' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Ours beside its yardstick, where it has one. */
export interface PerfComparison {
  readonly what: string;
  /** Unit of both sides' figures, e.g. `ms` or `episodes/s`. */
  readonly unit: string;
  readonly ours: PerfSide;
  readonly yardstick?: PerfSide;
  readonly target?: PerfTarget;
  /** Counted once, since it is a number and no time. */
  readonly isCount?: boolean;
}

/** Comparisons that share what they work on. */
export interface PerfGroup {
  readonly name: string;
  /** Starts and warms up what is measured; `close` ends it. */
  readonly open: () => Promise<{
    readonly comparisons: readonly PerfComparison[];
    readonly close: () => Promise<void>;
  }>;
}

/** Over rounds. */
export interface PerfFigure {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export interface PerfRow {
  readonly group: string;
  readonly what: string;
  readonly unit: string;
  readonly rounds: number;
  readonly ours: PerfFigure & { readonly name: string };
  readonly yardstick: (PerfFigure & { readonly name: string }) | null;
  /** Ours by the yardstick of the same round. */
  readonly ratio: PerfFigure | null;
  readonly target: PerfTarget | null;
  readonly isMet: boolean | null;
}

export interface MeasuringOptions {
  readonly rounds: number;
  /** Only the group of this name. */
  readonly only?: string | undefined;
}

/** Measures group by group; `told` hears what comes next. Throws `UsageError`. */
export async function measureGroups(
  groups: readonly PerfGroup[],
  { only, rounds }: MeasuringOptions,
  told = tell,
): Promise<PerfRow[]> {
  const chosen = only === undefined ? groups : groups.filter(({ name }) => name === only);
  if (chosen.length === 0) {
    throw new UsageError(`There is no measurement "${only}". Known: ${groups.map(({ name }) => name).join(', ')}.`);
  }
  const rows: PerfRow[] = [];
  for (const group of chosen) rows.push(...(await measureGroup(group, rounds, told)));
  return rows;
}

async function measureGroup(group: PerfGroup, rounds: number, told: (what: string) => void): Promise<PerfRow[]> {
  told(`${group.name}: start`);
  const { comparisons, close } = await group.open();
  try {
    const rows: PerfRow[] = [];
    for (const comparison of comparisons) {
      told(`${group.name}: ${comparison.what}`);
      rows.push({ group: group.name, ...(await measure(comparison, comparison.isCount ? 1 : rounds)) });
    }
    return rows;
  } finally {
    await close();
  }
}

/** Interleaved rounds, the order turned each round, after one round that does not count unless it is a count. */
async function measure(comparison: PerfComparison, rounds: number): Promise<Omit<PerfRow, 'group'>> {
  const { what, unit, ours, yardstick, target, isCount } = comparison;
  const sides = yardstick ? [ours, yardstick] : [ours];
  const figures: number[][] = sides.map(() => []);
  for (let round = isCount ? 0 : -1; round < rounds; round++) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) {
      const figure = await sampled(side);
      if (round >= 0) figures[sides.indexOf(side)]?.push(figure);
    }
  }
  const [oursByRound = [], yardstickByRound = []] = figures;
  const ratio = yardstick
    ? figureOf(oursByRound.map((figure, round) => figure / (yardstickByRound[round] as number)))
    : null;
  const row = {
    what,
    unit,
    rounds,
    ours: { name: ours.name, ...figureOf(oursByRound) },
    yardstick: yardstick ? { name: yardstick.name, ...figureOf(yardstickByRound) } : null,
    ratio,
    target: target ?? null,
  };
  const judged = target?.of === 'ratio' ? ratio?.median : row.ours.median;
  return { ...row, isMet: target && judged !== undefined ? reaches(judged, target) : null };
}

async function sampled({ name, sample }: PerfSide): Promise<number> {
  try {
    return await sample();
  } catch (error) {
    const cause = `The measurement "${name}" did not complete: ${messageOf(error)}.`;
    throw new UsageError(`${cause} Try again, or leave it out with --only.`, { cause: error });
  }
}

const reaches = (value: number, { atMost = Infinity, atLeast = -Infinity }: PerfTarget) =>
  value <= atMost && value >= atLeast;

const figureOf = (values: readonly number[]): PerfFigure => ({
  median: median([...values]),
  lowerQuartile: quantile([...values], 0.25),
  upperQuartile: quantile([...values], 0.75),
});

/** Milliseconds of one call of `run`, over `iterations` calls in a row: their mean, or their median. */
export async function milliseconds(
  run: () => unknown,
  iterations: number,
  average: 'mean' | 'p50' = 'mean',
): Promise<number> {
  const bench = new Bench({ iterations, time: 0, warmup: false, retainSamples: false, throws: true });
  bench.add('run', run, { async: true });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`its run is ${result?.state ?? 'missing'}`);
  return result.latency[average];
}

/** The number that a script in a process of its own prints: what another needed it would find there. */
export function numberOfChild(script: URL, word: string): number {
  const file = `${fileURLToPath(script)}${moduleEnding}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, word], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim() || `its process ended with ${status}`);
  return Number(stdout);
}

/** Units of work per second, where one call of `run` does `amount` of them. */
export const perSecond = async (run: () => unknown, amount: number): Promise<number> =>
  (1000 * amount) / (await milliseconds(run, 1));

/** Milliseconds of a monotonic clock, for what only takes a part of a run. */
export const clock = (): number => performance.now();
