import type { Json, JsonObject } from '../../core/json.ts';

/**
 * The values of a call's arguments with their place, e.g. `entities[].name = "Ada"`; places in a list do not count, so
 * that the order of equal things does not matter. A string is freed from the server's own folder and a leading `./`.
 */
export function leavesOf(args: JsonObject, folder: string): string[] {
  const leaves: string[] = [];
  const visit = (value: Json, place: string) => {
    if (Array.isArray(value)) for (const one of value) visit(one as Json, `${place}[]`);
    else if (value !== null && typeof value === 'object')
      for (const [key, one] of Object.entries(value)) visit(one, place === '' ? key : `${place}.${key}`);
    else leaves.push(`${place} = ${JSON.stringify(typeof value === 'string' ? bare(value, folder) : value)}`);
  };
  visit(args, '');
  return leaves;
}

const bare = (text: string, folder: string) =>
  text.startsWith(folder) ? text.slice(folder.length) : text.startsWith('./') ? text.slice(2) : text;

/** Share of the wanted values that are there, in 0..1; a wanted value without one counts as there. */
export function shareOf(wanted: readonly string[], given: readonly string[]): number {
  if (wanted.length === 0) return 1;
  const left = [...given];
  let found = 0;
  for (const leaf of wanted) {
    const index = left.indexOf(leaf);
    if (index < 0) continue;
    left.splice(index, 1);
    found++;
  }
  return found / wanted.length;
}

/**
 * Pairs rows with columns, the highest value first, each once; 0 or less is no pair. Returns the column per row, or -1.
 * Greedy: with the few calls of an episode the best assignment is hardly ever another.
 */
export function assign(values: readonly (readonly number[])[]): number[] {
  const pairs = values.flatMap((row, r) => row.map((value, c) => ({ r, c, value })));
  const result = values.map(() => -1);
  const taken = new Set<number>();
  for (const { r, c, value } of pairs.sort((a, b) => b.value - a.value)) {
    if (value <= 0 || result[r] !== -1 || taken.has(c)) continue;
    result[r] = c;
    taken.add(c);
  }
  return result;
}
