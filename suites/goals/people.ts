import type { Draw } from '../tasks/draw.ts';
import type { State } from '../tasks/state.ts';

/** The type of an existing entity: a pool has too few types for every entity to get one of its own. */
export const someType = (start: State, draw: Draw): string =>
  draw.pick(start.entities.map((one) => one.type)) ?? 'person';
