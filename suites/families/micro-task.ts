import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { createTask } from '../tasks/step.ts';
import texts from './micro-task.json' with { type: 'json' };

/** One new task on a board, in many words. */
export default {
  name: 'micro-task',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw) => {
    const start = startState(draw);
    const [name, description] = [draw.title(), draw.sentence()];
    return {
      start,
      steps: [createTask(name, description)],
      clauses: [{ kind: 'task', values: { name, description } }],
      subGoals: 1,
    };
  },
} satisfies Family;
