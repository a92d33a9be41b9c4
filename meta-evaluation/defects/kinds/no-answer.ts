import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction } from '../script.ts';

export default {
  name: 'no-answer',
  summary: 'every call is right, and the answer that was asked for is not given',
  breaks: undone,
  open: ['nothing-else'],
  apply: ({ task, draw }) =>
    task.answer === ''
      ? null
      : {
          actions: [...carryOut(task.plan), finishAction(draw.pick(['', 'Done.', 'I have looked it up.']))],
          server: task.plan.at(-1)?.server ?? '',
        },
} satisfies Defect;
