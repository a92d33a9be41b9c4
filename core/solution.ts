import type { Task } from './types.ts';

/** Whether there is anything that the oracle could carry out: a plan, or an answer that needs none. */
export const hasSolution = ({ plan, answer, messages = [] }: Pick<Task, 'plan' | 'answer' | 'messages'>): boolean =>
  plan.length > 0 || answer !== '' || messages.some((message) => message.answer !== '');
