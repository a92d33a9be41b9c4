/** Ranks from 1 in the order of the values; equal ones share the mean of their ranks. Own code: libraries keep theirs private. */
export default function midranks(values: ArrayLike<number>): number[] {
  const order = new Uint32Array(values.length)
    .map((_, index) => index)
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = values[order[from] as number];
    while (to < order.length && values[order[to] as number] === value) to += 1;
    for (let i = from; i < to; i++) ranks[order[i] as number] = (from + 1 + to) / 2;
  }
  return ranks;
}
