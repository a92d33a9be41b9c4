/** A task's id, `SUITE/FAMILY/SPLIT/NUMBER`; a user's own task has a name of its own in place of the number. */
export const taskId = (suite: string, family: string, split: string, number: string): string =>
  `${suite}/${family}/${split}/${number}`;

/** Name of the suite that a task file makes; `hash` is the hexadecimal one of its content. */
export const ownSuiteName = (name: string, hash: string): string => `${name}@${hash.slice(0, 12)}`;

/** Tells the name of such a suite from that of a suite of the house. */
export const isOwnSuiteName = (name: string): boolean => name.includes('@');

/** What holds of the tasks of every family is filed under this, in place of a family. */
export const everyFamily = 'every family';

/** The parts of a task's id; an id of another form, as older runs may have, is its own family. */
export function taskIdParts(id: string): { readonly family: string; readonly split: string; readonly number: number } {
  const parts = id.split('/');
  return { family: parts[1] ?? id, split: parts.at(-2) ?? '', number: Number(parts.at(-1)) };
}

/**
 * What a task shares with those of its family that are worded alike, by the task's id; `null`: it is worded by itself, as all tasks
 * are of a suite that knows no phrasings.
 */
export type PhrasingOf = (task: string) => string | null;
