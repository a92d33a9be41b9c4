/** A number on an axis. */
interface Tick {
  readonly value: number;
  readonly text: string;
}

/** Where numbers lie on an axis, in pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly holds: (value: number) => boolean;
  readonly ticks: readonly Tick[];
}

type Pixels = readonly [from: number, to: number];

/** Shares from 0 to 1. */
export const shareScale = ([from, to]: Pixels): Scale => ({
  at: (value) => from + value * (to - from),
  holds: (value) => value >= 0 && value <= 1,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: String(value) })),
});

/** Logarithmic, with some room around the values, all above 0; a tick for 1, 3, 10, 30 and so on. Throws `RangeError` without values. */
export function logScale(values: readonly number[], [from, to]: Pixels): Scale {
  if (values.length === 0 || values.some((value) => value <= 0))
    throw new RangeError('a logarithmic axis needs values above 0');
  const [low, high] = [Math.log10(Math.min(...values) / 1.25), Math.log10(Math.max(...values) * 1.25)];
  const holds = (value: number) => Math.log10(value) >= low && Math.log10(value) <= high;
  const powers = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, index) => 10 ** (Math.floor(low) + index),
  );
  const ticks = powers.flatMap((power) => [power, 3 * power]).filter(holds);
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    holds,
    ticks: ticks.map((value) => ({ value, text: shortText(value) })),
  };
}

/** e.g. `30`, `1k`, `300k`, `1M`. */
export function shortText(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
