import type { Defect } from '../defect.ts';
import { programWriter } from '../program-script.ts';
import { finishAction } from '../script.ts';

/** The reference plan as one program: what is right in a program has to be told from what is broken in one. */
export default {
  name: 'sound-program',
  summary: 'the reference plan, as one program',
  execution: 'programs',
  breaks: [],
  apply: ({ task, tools }) => {
    const { callCode, actions } = programWriter(tools);
    const ran = actions(task.plan, [...task.plan.map((call) => `await ${callCode(call)};`), "return 'done';"]);
    return ran && { actions: [...ran, finishAction(task.answer)], server: task.plan[0]?.server ?? '' };
  },
} satisfies Defect;
