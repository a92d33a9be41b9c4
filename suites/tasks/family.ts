import type { Draw } from './draw.ts';
import type { Clause, Phrasings } from './phrasing.ts';
import type { State } from './state.ts';
import type { Roles, Step } from './step.ts';

/** What a family makes of drawn content, before it is put into words. */
export interface Draft {
  readonly start: State;
  /** Calls of the reference plan in order; `after` holds indices of earlier steps whose result they depend on. */
  readonly steps: readonly (Step & { readonly after?: readonly number[] })[];
  readonly clauses: readonly Clause[];
  /** Things the prompt asks for, looking up and computing included. */
  readonly subGoals: number;
}

/** One kind of task. The file `suites/families/<name>.ts` default-exports one. */
export interface Family {
  readonly name: string;
  readonly phrasings: Phrasings;
  /** Every task of it works on files or on the graph, so that the held-out servers can stand in. */
  readonly hasStandIns: boolean;
  /** Number of shapes (which sub-goals, how many), taken in rotation. */
  readonly shapes: number;
  /** The same for the same draw, whatever the roles. */
  readonly draft: (draw: Draw, roles: Roles, shape: number) => Draft;
}
