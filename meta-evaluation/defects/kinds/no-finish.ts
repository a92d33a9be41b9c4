import type { Defect } from '../defect.ts';
import { carryOut } from '../script.ts';

/** All is done, and the episode is left open. */
export default {
  name: 'no-finish',
  summary: 'everything is done, but the episode is never finished',
  breaks: ['finished-when-done'],
  apply: ({ task }) =>
    task.answer === '' ? { actions: carryOut(task.plan), server: task.plan.at(-1)?.server ?? '' } : null,
} satisfies Defect;
