import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, invented } from '../script.ts';

/** All the work, and a false report of it. */
export default {
  name: 'wrong-answer',
  summary: 'every call is right, and the final answer is an invented one',
  breaks: undone,
  open: ['nothing-else'],
  apply: ({ task, draw }) =>
    task.answer === ''
      ? null
      : {
          actions: [...carryOut(task.plan), finishAction(invented(task.answer, draw))],
          server: task.plan.at(-1)?.server ?? '',
        },
} satisfies Defect;
