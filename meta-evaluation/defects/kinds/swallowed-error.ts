import { undone, type Defect } from '../defect.ts';
import { programWriter } from '../program-script.ts';
import { finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** A call fails, and the program passes over that: whoever reads what it returned sees nothing of it. */
export default {
  name: 'swallowed-error',
  summary: 'a program makes a change without its arguments, and catches the error without a word',
  execution: 'programs',
  breaks: [...undone, 'steps-done', 'calls-work', 'calls-exact', 'values-right'],
  open: ['nothing-else', 'tools-called', 'turns-needed', 'loads-needed'],
  apply: ({ task, draw, tools }) => {
    const { callCode, actions } = programWriter(tools);
    const needsMore = ({ server, tool }: (typeof task.plan)[number]) =>
      tools.some((one) => {
        const { required } = one.inputSchema;
        return one.server === server && one.name === tool && Array.isArray(required) && required.length > 0;
      });
    const at = pickOne(
      draw,
      stepsOf(task, (call) => !isLookup(call) && needsMore(call), { isLast: true }),
    );
    const broken = task.plan[at ?? -1];
    if (!broken) return null;
    const lines = task.plan.map((call) =>
      call === broken ? `try { await ${callCode({ ...call, arguments: {} })}; } catch {}` : `await ${callCode(call)};`,
    );
    const ran = actions(task.plan, [...lines, "return 'All steps are done.';"]);
    return ran && { actions: [...ran, finishAction(task.answer)], server: broken.server };
  },
} satisfies Defect;
