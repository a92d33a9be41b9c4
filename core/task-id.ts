/** A task's id, `SUITE/FAMILY/SPLIT/NUMBER`; a user's own task has a name of its own in place of the number. */
export const taskId = (suite: string, family: string, split: string, number: string): string =>
  `${suite}/${family}/${split}/${number}`;

/** The parts of a task's id; an id of another form, as older runs may have, is its own family. */
export function taskIdParts(id: string): { readonly family: string; readonly split: string; readonly number: number } {
  const parts = id.split('/');
  return { family: parts[1] ?? id, split: parts.at(-2) ?? '', number: Number(parts.at(-1)) };
}
