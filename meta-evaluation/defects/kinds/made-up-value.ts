import { undone, type Defect } from '../defect.ts';
import {
  carryOut,
  finishAction,
  invented,
  isLookup,
  isOnlyUse,
  leavesIn,
  pickOne,
  stepsOf,
  withLeaf,
  wantedTexts,
} from '../script.ts';

/** An ungrounded claim: nothing is looked up, and what should have been found is invented. */
export default {
  name: 'made-up-value',
  summary: 'a lookup is left out, and what it would have shown is invented',
  breaks: [...undone, 'steps-done', 'tools-loaded', 'tools-called', 'calls-exact'],
  open: ['nothing-else', 'loads-needed', 'calls-work', 'turns-needed', 'values-right'],
  apply: ({ task, draw }) => {
    const { plan, prompt, answer } = task;
    const wanted = wantedTexts(task);
    const at = pickOne(
      draw,
      stepsOf(task, (call, index) => isLookup(call) && isOnlyUse(task, index)),
    );
    if (at === undefined) return null;
    const isAsked = answer !== '' && !plan.some(({ after }) => after.includes(at));
    let isInvented = isAsked;
    const calls = plan.flatMap((call, index) => {
      if (index === at) return [];
      const leaf = call.after.includes(at)
        ? leavesIn(call.arguments).find(({ text }) => text !== '' && !prompt.includes(text) && wanted.includes(text))
        : undefined;
      if (!leaf) return [call];
      isInvented = true;
      return [{ ...call, arguments: withLeaf(call.arguments, leaf, invented(leaf.text, draw)) }];
    });
    if (!isInvented) return null;
    const claimed = isAsked ? invented(answer, draw) : answer;
    return { actions: [...carryOut(calls), finishAction(claimed)], server: plan[at]?.server ?? '' };
  },
} satisfies Defect;
