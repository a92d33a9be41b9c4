import { undone, type Defect } from '../defect.ts';
import { programWriter } from '../program-script.ts';
import { finishAction, invented, isLookup, leavesIn, pickOne, stepsOf, wantedTexts, withLeaf } from '../script.ts';

/** An ungrounded constant: the program looks the value up, drops the result, and writes one of its own. */
export default {
  name: 'constant-for-result',
  summary: 'a program looks a value up, and uses an invented constant in place of the result',
  execution: 'programs',
  breaks: [...undone, 'steps-done', 'nothing-else', 'values-right', 'calls-exact'],
  open: ['calls-work', 'turns-needed'],
  apply: ({ task, draw, tools }) => {
    const { plan, prompt, answer } = task;
    const { callCode, actions } = programWriter(tools);
    const wanted = wantedTexts(task);
    const isFed = (after: readonly number[]) => after.some((index) => plan[index] && isLookup(plan[index]));
    const places = stepsOf(task, (call) => !isLookup(call) && isFed(call.after), { isLast: true }).flatMap((at) =>
      leavesIn(plan[at]?.arguments ?? {})
        .filter(({ text }) => text !== '' && !prompt.includes(text))
        .filter(({ text }) => wanted.includes(JSON.stringify(text).slice(1, -1)))
        .map((leaf) => ({ at, leaf })),
    );
    const place = pickOne(draw, places);
    if (!place) return null;
    const { at, leaf } = place;
    const lines = plan.map((call, index) => {
      const args = index === at ? withLeaf(call.arguments, leaf, invented(leaf.text, draw)) : call.arguments;
      return `await ${callCode({ ...call, arguments: args })};`;
    });
    const ran = actions(plan, [...lines, "return 'done';"]);
    return ran && { actions: [...ran, finishAction(answer)], server: plan[at]?.server ?? '' };
  },
} satisfies Defect;
