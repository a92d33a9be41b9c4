import { undone, type Defect } from '../defect.ts';
import { programWriter } from '../program-script.ts';
import { finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** A loop that ends one step before the end, in a program that says that all was done. */
export default {
  name: 'short-loop',
  summary: 'a program loops over the steps, and its wrong bound leaves the last change out',
  execution: 'programs',
  breaks: [...undone, 'steps-done', 'calls-exact'],
  open: ['nothing-else', 'tools-called', 'turns-needed', 'values-right', 'loads-needed'],
  apply: ({ task, draw, tools }) => {
    if (task.plan.length < 2) return null;
    const { callCode, actions } = programWriter(tools);
    const last = pickOne(
      draw,
      stepsOf(task, (call) => !isLookup(call), { isLast: true }),
    );
    const left = task.plan[last ?? -1];
    if (!left) return null;
    const steps = [...task.plan.filter((call) => call !== left), left].map((call) => `  () => ${callCode(call)},`);
    const ran = actions(task.plan, [
      'const steps = [',
      ...steps,
      '];',
      'for (let index = 0; index < steps.length - 1; index++) await steps[index]();',
      'return `All ${steps.length} steps are done.`;',
    ]);
    return ran && { actions: [...ran, finishAction(task.answer)], server: left.server };
  },
} satisfies Defect;
