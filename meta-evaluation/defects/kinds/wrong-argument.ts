import { undone, type Defect } from '../defect.ts';
import {
  carryOut,
  finishAction,
  invented,
  isLookup,
  leavesIn,
  pickOne,
  stepsOf,
  wantedTexts,
  withLeaf,
  withStep,
} from '../script.ts';

/** One value of a change is another one, of the same make. */
export default {
  name: 'wrong-argument',
  summary: 'a change is made with one value replaced by an invented one',
  breaks: [...undone, 'steps-done', 'nothing-else', 'values-right', 'calls-exact'],
  open: ['calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const wanted = wantedTexts(task);
    const places = stepsOf(task, (call) => !isLookup(call), { isLast: true }).flatMap((at) =>
      leavesIn(task.plan[at]?.arguments ?? {})
        .filter(({ text }) => text !== '' && wanted.includes(JSON.stringify(text).slice(1, -1)))
        .map((leaf) => ({ at, leaf })),
    );
    const place = pickOne(draw, places);
    const call = task.plan[place?.at ?? -1];
    if (!place || !call) return null;
    const args = withLeaf(call.arguments, place.leaf, invented(place.leaf.text, draw));
    const calls = withStep(task, place.at, { ...call, arguments: args });
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
