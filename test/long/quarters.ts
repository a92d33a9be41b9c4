/** The median of each quarter of what was measured one after the other. */
export function quarterMedians(all: readonly number[]): [number, number, number, number] {
  const quarter = Math.floor(all.length / 4);
  const of = (one: number): number => medianOf(all.slice(one * quarter, (one + 1) * quarter));
  return [of(0), of(1), of(2), medianOf(all.slice(-quarter))];
}

/** e.g. `156, 158, 158, 158`. */
export const inWhole = (medians: readonly number[]): string => medians.map((one) => one.toFixed(0)).join(', ');

const medianOf = (part: readonly number[]): number => part.toSorted((a, b) => a - b)[part.length >> 1] ?? Number.NaN;
