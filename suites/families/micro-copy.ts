import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFile, someFolder, startState } from '../tasks/start-state.ts';
import { readFile, writeFile } from '../tasks/step.ts';
import texts from './micro-copy.json' with { type: 'json' };

/** One file's text, which the prompt does not hold, goes into a second file too, in many words. */
export default {
  name: 'micro-copy',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const source = someFile(start, draw);
    const destination = `${someFolder(start, draw)}/${draw.name()}.txt`;
    const text = start.files[source] ?? '';
    return {
      start,
      steps: [readFile(roles, source), { ...writeFile(roles, destination, text), after: [0] }],
      clauses: [{ kind: 'copy', values: { source, destination } }],
      subGoals: 1,
    };
  },
} satisfies Family;
