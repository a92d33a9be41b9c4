import { undone, type Defect } from '../defect.ts';
import {
  carryOut,
  finishAction,
  isLookup,
  leavesIn,
  likeTexts,
  pickOne,
  stepsOf,
  withLeaf,
  withStep,
} from '../script.ts';

/** The right thing is done to the wrong one of those that are there. */
export default {
  name: 'wrong-target',
  summary: 'a change is made to another file, person or page that exists',
  breaks: [...undone, 'steps-done', 'nothing-else', 'values-right', 'calls-exact'],
  open: ['calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const places = stepsOf(task, (call) => !isLookup(call), { isLast: true }).flatMap((at) => {
      const { server = '', arguments: args = {} } = task.plan[at] ?? {};
      return leavesIn(args)
        .map((leaf) => ({ at, leaf, others: likeTexts(task, server, leaf.text) }))
        .filter(({ others }) => others.length > 0);
    });
    const place = pickOne(draw, places);
    const call = task.plan[place?.at ?? -1];
    if (!place || !call) return null;
    const args = withLeaf(call.arguments, place.leaf, draw.pick(place.others));
    const calls = withStep(task, place.at, { ...call, arguments: args });
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
