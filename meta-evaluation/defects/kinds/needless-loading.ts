import type { Defect } from '../defect.ts';
import { beforeLast, carryOut, finishAction, loadAction } from '../script.ts';

/** Schemas are read that are not used. */
export default {
  name: 'needless-loading',
  summary: 'the schemas of one to three tools are loaded and never used',
  breaks: ['loads-needed', 'turns-needed'],
  apply: ({ task, draw, tools }) => {
    const planned = new Set(task.plan.map(({ tool }) => tool));
    const spare = draw.shuffle(tools.filter(({ name }) => !planned.has(name))).slice(0, 1 + draw.below(3));
    const [first] = spare;
    if (!first) return null;
    const loads = spare.map(({ server, name }) => loadAction(server, name));
    return { actions: [...carryOut(beforeLast(task, ...loads)), finishAction(task.answer)], server: first.server };
  },
} satisfies Defect;
