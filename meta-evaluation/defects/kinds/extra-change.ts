import type { Defect } from '../defect.ts';
import {
  beforeLast,
  carryOut,
  finishAction,
  invented,
  isLookup,
  leavesIn,
  pickOne,
  stepsOf,
  withLeaf,
} from '../script.ts';

/** Everything asked for, and one thing more. */
export default {
  name: 'extra-change',
  summary: 'a change like one of those asked for is made once more, with invented values',
  breaks: ['nothing-else', 'exactly-done', 'turns-needed'],
  open: ['finished-when-done', 'calls-work', 'values-right'],
  apply: ({ task, draw }) => {
    const steps = stepsOf(task, (call) => /^(fast_)?(create|write|add)|_write$/.test(call.tool) && !isLookup(call));
    const call = task.plan[pickOne(draw, steps) ?? -1];
    if (!call) return null;
    // An observation or a relation needs things that exist: there only its own text is new.
    const isTied = /observations|relations/.test(call.tool);
    const leaves = leavesIn(call.arguments).filter(
      ({ path }) => !['projectName', 'vault', 'entityType', 'from', 'to', 'entityName'].includes(`${path.at(-1)}`),
    );
    const replaced = isTied ? leaves.slice(-1) : leaves;
    if (replaced.length === 0) return null;
    const args = replaced.reduce((changed, leaf) => withLeaf(changed, leaf, invented(leaf.text, draw)), call.arguments);
    const extra = { ...call, arguments: args };
    return { actions: [...carryOut(beforeLast(task, extra)), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
