import { relative } from 'node:path';

/** A path as the user reads it and can type it: from the folder that he stands in, or whole where that is shorter. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length <= path.length ? fromHere : path;
}
