import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { createFolder } from '../tasks/step.ts';
import texts from './micro-folder.json' with { type: 'json' };

/** One new folder, by itself or in one that is there, in many words. */
export default {
  name: 'micro-folder',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 2,
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const folder = shape === 0 ? draw.name() : `${someFolder(start, draw)}/${draw.name()}`;
    return {
      start,
      steps: [createFolder(roles, folder)],
      clauses: [{ kind: 'folder', values: { folder } }],
      subGoals: 1,
    };
  },
} satisfies Family;
