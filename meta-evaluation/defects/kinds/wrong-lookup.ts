import type { Defect } from '../defect.ts';
import {
  carryOut,
  finishAction,
  invented,
  isLookup,
  leavesIn,
  likeTexts,
  pickOne,
  stepsOf,
  withLeaf,
  withStep,
} from '../script.ts';

/** Something else is looked up than what was asked, and the right value appears from nowhere. */
export default {
  name: 'wrong-lookup',
  summary: 'another thing is looked up; what follows uses the right value all the same',
  breaks: ['steps-done', 'values-right', 'calls-exact'],
  open: ['calls-work', 'turns-needed', 'finished-when-done'],
  apply: ({ task, draw }) => {
    const places = stepsOf(task, isLookup).flatMap((at) => {
      const { server = '', arguments: args = {} } = task.plan[at] ?? {};
      return leavesIn(args).flatMap((leaf) => {
        const like = likeTexts(task, server, leaf.text);
        // A computation takes any text; the names of algorithms and modes are short words.
        const others = server === 'calc' && leaf.text.includes(' ') ? [invented(leaf.text, draw)] : like;
        return others.length > 0 ? [{ at, leaf, others }] : [];
      });
    });
    const place = pickOne(draw, places);
    const call = task.plan[place?.at ?? -1];
    if (!place || !call) return null;
    const args = withLeaf(call.arguments, place.leaf, draw.pick(place.others));
    const calls = withStep(task, place.at, { ...call, arguments: args });
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
