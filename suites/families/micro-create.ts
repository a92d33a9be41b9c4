import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import texts from './micro-create.json' with { type: 'json' };

/** One new text file in a folder that is there, in many words. */
export default {
  name: 'micro-create',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const [path, text] = [`${someFolder(start, draw)}/${draw.name()}.txt`, draw.sentence()];
    return {
      start,
      steps: [writeFile(roles, path, text)],
      clauses: [{ kind: 'create', values: { path, text } }],
      subGoals: 1,
    };
  },
} satisfies Family;
