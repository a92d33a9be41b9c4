import { listTasks, withTasks } from '../tasks/board-steps.ts';
import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { testFor } from '../tasks/sub-goal.ts';
import texts from './micro-task-answer.json' with { type: 'json' };

/** The description of one of the tasks on a board is the answer, asked for in many words. */
export default {
  name: 'micro-task-answer',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw) => {
    const tasks = [1, 2, 3].map(() => ({ name: draw.title(), description: draw.sentence() }));
    const { name, description } = draw.pick(tasks);
    return {
      start: withTasks(startState(draw), tasks),
      steps: [listTasks(name)],
      clauses: [{ kind: 'answer', values: { name } }],
      subGoals: 1,
      answer: { test: testFor(description), reference: description },
    };
  },
} satisfies Family;
