import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** A change comes before the one that it needs, fails, and is not made again. */
export default {
  name: 'wrong-order',
  summary: 'a change is tried before what it needs is there, fails, and is left at that',
  breaks: [...undone, 'steps-done', 'calls-work', 'calls-exact'],
  open: ['nothing-else', 'turns-needed'],
  apply: ({ task, draw }) => {
    const { plan } = task;
    // The graph's servers take relations of entities that are not there.
    const isNeedy = (after: readonly number[]) => after.some((index) => plan[index] && !isLookup(plan[index]));
    const late = stepsOf(task, (call) => !isLookup(call) && call.tool !== 'create_relations' && isNeedy(call.after), {
      isLast: true,
    });
    const at = pickOne(draw, late);
    const call = plan[at ?? -1];
    if (!call) return null;
    const first = Math.min(...call.after);
    const rest = plan.filter((_, index) => index !== at);
    const calls = [...rest.slice(0, first), call, ...rest.slice(first)];
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
