import type { OwnTask } from './format.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/** A text that stands where the user is to write one, as `toolstone init` leaves it. `what` says what for. */
export const gap = (what: string): string => `<TODO: ${what.replaceAll(/\s+/g, ' ').trim()}>`;

const filled = /^<TODO: ([^]*)>$/;

/** Places of a task that are still to be written, with what belongs there. */
export const gapsOf = (task: OwnTask, path: Path): Fault[] => gapsIn(task, path);

export const isToComplete = (task: OwnTask): boolean => gapsOf(task, []).length > 0;

function gapsIn(value: unknown, path: Path): Fault[] {
  if (typeof value === 'string') {
    const [, what] = filled.exec(value) ?? [];
    return what === undefined ? [] : [{ path, what: `still has a placeholder. What belongs here: ${what}.` }];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => gapsIn(one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => gapsIn(one, [...path, key]));
}
