import type { TextTest } from '../../core/goal-types.ts';
import type { Draw } from './draw.ts';
import type { Clause, Wording } from './phrasing.ts';
import type { Size } from './size.ts';
import type { State } from './state.ts';
import type { Roles, Step } from './step.ts';

/** A call of the reference plan; `after` holds indices of earlier ones whose result it depends on. */
export type PlannedStep = Step & { readonly after?: readonly number[] };

/** What a family makes of drawn content, before it is put into words. */
export interface Draft {
  readonly start: State;
  readonly steps: readonly PlannedStep[];
  readonly clauses: readonly Clause[];
  /** Things the prompt asks for, looking up and computing included. */
  readonly subGoals: number;
  /** Where the prompt asks for an answer: what it must say, and the reference one. */
  readonly answer?: { readonly test: TextTest; readonly reference: string };
}

/** One kind of task. The file `suites/families/<name>.ts` default-exports one. */
export interface Family {
  readonly name: string;
  readonly wording: Wording;
  /** Every task of it works on files or on the graph, so that the held-out servers can stand in. */
  readonly hasStandIns: boolean;
  /** Number of shapes (which sub-goals, how many), taken in rotation. */
  readonly shapes: number;
  /** Shapes that are kept for the split `held-out-composition`: sub-goals that are trained apart but never together. */
  readonly heldOutShapes?: readonly number[];
  /** The same for the same draw, whatever the roles. Families of bulk work alone heed the size, which is `few` if absent. */
  readonly draft: (draw: Draw, roles: Roles, shape: number, size?: Size) => Draft;
}
