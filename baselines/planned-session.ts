import type { References } from '../core/plan.ts';
import type { PolicySession } from '../core/types.ts';

/** A session that carries out a plan, and tells whoever imitates it where the plan's values stand. */
export interface PlannedSession extends PolicySession {
  /** The call decided on last: its place in the plan, and what it takes of results of earlier calls. */
  readonly lastCall: () => { readonly place: number; readonly references: References };
}
