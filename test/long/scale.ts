import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';

/** Share of a step's whole size that is done; `.ci/long` says 1, which takes hours. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env['LONG_SCALE'] ?? 1)));

/** Draws of a step. Moments depend on the machine all the same, so that no two runs of a step are alike. */
export function drawsOf(step: string): RandomStream {
  const seed = Number(process.env['LONG_SEED'] ?? Date.now() % 2 ** 31);
  tell(step, `seed ${seed}`);
  return randomStream(seedOf(step, seed));
}

/** A figure of a step, on standard error, where `.ci/long` leaves it. */
export const tell = (step: string, figure: string): void => void process.stderr.write(`-- ${step}: ${figure}\n`);

/** A step that cannot be done here, with what adds what it lacks. */
export const skipLoudly = (step: string, why: string): void => tell(step, `!! SKIPPED: ${why}`);
