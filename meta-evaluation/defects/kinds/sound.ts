import type { Defect } from '../defect.ts';
import { carryOut, finishAction } from '../script.ts';

/** The reference plan itself: what is right has to be told from what is broken. */
export default {
  name: 'sound',
  summary: 'the reference plan, unchanged',
  breaks: [],
  apply: ({ task }) => ({
    actions: [...carryOut(task.plan), finishAction(task.answer)],
    server: task.plan[0]?.server ?? '',
  }),
} satisfies Defect;
