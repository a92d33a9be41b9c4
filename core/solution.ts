import type { Task } from './types.ts';

/** Whether there is anything that the oracle could carry out: a plan, or an answer that needs none. */
export const hasSolution = ({ plan, answer }: Pick<Task, 'plan' | 'answer'>): boolean =>
  plan.length > 0 || answer !== '';
