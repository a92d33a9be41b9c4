import type { Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** A change comes too early, fails, and is made again in time: clumsy, and right in the end. */
export default {
  name: 'repaired-order',
  summary: 'a change is tried before what it needs is there, fails, and is made again in its place',
  breaks: ['calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const { plan } = task;
    // The graph's servers take relations of entities that are not there.
    const isNeedy = (after: readonly number[]) => after.some((index) => plan[index] && !isLookup(plan[index]));
    const at = pickOne(
      draw,
      stepsOf(task, (call) => !isLookup(call) && call.tool !== 'create_relations' && isNeedy(call.after)),
    );
    const call = plan[at ?? -1];
    if (!call) return null;
    const first = Math.min(...call.after);
    const calls = [...plan.slice(0, first), call, ...plan.slice(first)];
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
