import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFile, startState } from '../tasks/start-state.ts';
import { moveFile } from '../tasks/step.ts';
import texts from './micro-rename.json' with { type: 'json' };

/** One file gets another name in its folder, in many words. */
export default {
  name: 'micro-rename',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const source = someFile(start, draw);
    const destination = `${source.split('/')[0] ?? ''}/${draw.name()}.txt`;
    return {
      start,
      steps: [moveFile(roles, source, destination)],
      clauses: [{ kind: 'rename', values: { source, destination } }],
      subGoals: 1,
    };
  },
} satisfies Family;
