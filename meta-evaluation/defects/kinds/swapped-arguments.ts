import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, leavesIn, pickOne, stepsOf, withLeaf, withStep } from '../script.ts';

/** Two values of a change stand in each other's place. */
export default {
  name: 'swapped-arguments',
  summary: 'two values of a change are swapped',
  breaks: [...undone, 'steps-done', 'values-right', 'calls-exact'],
  open: ['nothing-else', 'tools-called', 'calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const steps = stepsOf(
      task,
      (call) => !isLookup(call) && new Set(leavesIn(call.arguments).map(({ text }) => text)).size > 1,
      { isLast: true },
    );
    const at = pickOne(draw, steps);
    const call = task.plan[at ?? -1];
    if (at === undefined || !call) return null;
    const [one, other] = draw.shuffle(leavesIn(call.arguments));
    if (!one || !other || one.text === other.text) return null;
    const args = withLeaf(withLeaf(call.arguments, one, other.text), other, one.text);
    return {
      actions: [...carryOut(withStep(task, at, { ...call, arguments: args })), finishAction(task.answer)],
      server: call.server,
    };
  },
} satisfies Defect;
