/** `Did you mean "name"?` with a blank before it for the known name that is nearest to a mistyped one; '' where none is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

/** The known name that a slip of the finger or two, or another case, leads to. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given.length > LONGEST) return undefined;
  const most = given.length <= 3 ? 1 : given.length <= 7 ? 2 : 3;
  const distances = known
    .filter((one) => one.length <= LONGEST)
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }));
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
