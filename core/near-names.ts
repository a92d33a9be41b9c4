/** `Did you mean "name"?` with a blank before it for the known name that is nearest to a mistyped one; '' where none is near. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = nearest(typed, names);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

/** The known name that a slip of the finger or two, or another case, leads to. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > LONGEST) return undefined;
  const most = typed.length <= 3 ? 1 : typed.length <= 7 ? 2 : 3;
  const distances = names
    .filter((name) => name.length <= LONGEST)
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name.toLowerCase()) }));
  const best = distances.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= most ? best.name : undefined;
}

const LONGEST = 100;

/** Letters to insert, remove or replace, two swapped neighbours counting one (optimal string alignment). */
function distance(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let least = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] as number;
}
