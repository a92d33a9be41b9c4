import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction } from '../script.ts';

/** The policy stops early and says that it is done. */
export default {
  name: 'half-done',
  summary: 'only the first part of the plan is carried out, then the task is called done',
  breaks: [...undone, 'steps-done', 'calls-exact'],
  open: ['nothing-else', 'tools-loaded', 'tools-called', 'turns-needed', 'values-right'],
  apply: ({ task, draw }) => {
    const { plan } = task;
    if (plan.length < 3) return null;
    const count = 1 + draw.below(plan.length - 2);
    return {
      actions: [...carryOut(plan.slice(0, count)), finishAction(draw.pick(['', 'Done.', 'All steps are completed.']))],
      server: plan[count]?.server ?? '',
    };
  },
} satisfies Defect;
