import type { Draw } from '../tasks/draw.ts';
import { withEntity } from '../tasks/graph-steps.ts';
import type { State } from '../tasks/state.ts';
import type { Setting } from '../tasks/sub-goal.ts';

/** The type of an existing entity: a pool has too few types for every entity to get one of its own. */
export const someType = (start: State, draw: Draw): string => draw.pick(start.entities.map((entity) => entity.type));

/** One of the three people of every start state, whom no lookup is about. */
export const bystander = (start: State, draw: Draw): string =>
  draw.pick(start.entities.slice(0, 3).map((entity) => entity.name));

/** A start state in which an entity of that name exists. */
export const withPerson = ({ draw, start }: Setting, name: string): State =>
  start.entities.some((entity) => entity.name === name)
    ? start
    : withEntity(start, name, someType(start, draw), [draw.sentence()]);
