import { median, quantile } from 'simple-statistics';
import { Bench } from 'tinybench';
import { UsageError } from './errors.ts';

/** Something timed. `prepare` runs before each round, untimed. */
export interface PerfTask {
  readonly name: string;
  readonly run: () => unknown;
  /** Calls of `run` per round. */
  readonly iterations: number;
}

/** Tasks timed side by side in one run; ratios are to the last, the yardstick. */
export interface PerfComparison {
  readonly title: string;
  /** What one call of `run` does, e.g. `6 calls`. */
  readonly unit: string;
  readonly tasks: readonly PerfTask[];
  readonly close?: () => Promise<void>;
}

export interface PerfRow {
  readonly title: string;
  readonly unit: string;
  readonly name: string;
  /** Milliseconds of one call: median over rounds of the round's median, and its quartiles over rounds. */
  readonly milliseconds: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** Median over rounds of this task's time by the yardstick's of the same round; `null` for the yardstick. */
  readonly ratio: number | null;
  readonly rounds: number;
}

/** Times a comparison in interleaved rounds, the order turned each round, after one round that does not count. */
export async function measure(comparison: PerfComparison, rounds = 11): Promise<PerfRow[]> {
  const { title, unit, tasks } = comparison;
  const perRound: number[][] = tasks.map(() => []);
  try {
    for (let round = -1; round < rounds; round++) {
      const order = tasks.map((_, index) => index);
      if (round % 2 === 0) order.reverse();
      for (const index of order) {
        const milliseconds = await timed(tasks[index] as PerfTask);
        if (round >= 0) perRound[index]?.push(milliseconds);
      }
    }
  } finally {
    await comparison.close?.();
  }
  const yardstick = perRound.at(-1) as number[];
  return tasks.map(({ name }, index) => {
    const times = perRound[index] as number[];
    const isYardstick = index === tasks.length - 1;
    return {
      title,
      unit,
      name,
      milliseconds: median(times),
      lowerQuartile: quantile(times, 0.25),
      upperQuartile: quantile(times, 0.75),
      ratio: isYardstick ? null : median(times.map((time, round) => time / (yardstick[round] as number))),
      rounds,
    };
  });
}

async function timed({ name, run, iterations }: PerfTask): Promise<number> {
  const bench = new Bench({ iterations, time: 0, warmup: false, retainSamples: false });
  bench.add(name, run);
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') {
    const cause = result?.state === 'errored' ? `: ${result.error.message}` : '';
    throw new UsageError(`The measurement "${name}" did not complete${cause}. Try again on a quieter machine.`);
  }
  return result.latency.p50;
}
