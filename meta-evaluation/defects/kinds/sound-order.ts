import type { Defect } from '../defect.ts';
import { carryOut, finishAction, stepsOf } from '../script.ts';

/** Independent calls the other way round: as good as the reference plan, and no copy of it. */
export default {
  name: 'sound-order',
  summary: 'two neighbouring calls that do not depend on each other are swapped',
  breaks: [],
  apply: ({ task, draw }) => {
    const { plan } = task;
    const movable = stepsOf(task, (call, index) => index > 0 && !call.after.includes(index - 1));
    if (movable.length === 0) return null;
    const at = draw.pick(movable);
    const calls = plan.map((call, index) => plan[index === at ? at - 1 : index === at - 1 ? at : index] ?? call);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: plan[at]?.server ?? '' };
  },
} satisfies Defect;
