import type { Against } from './against.ts';
import type { Budget } from './budget.ts';
import type { ContextCost } from './cost.ts';

/** A cost, and what it was held against. */
export interface ContextReport extends ContextCost {
  readonly budget?: Budget;
  readonly against?: Against;
}
