import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { people, startState } from '../tasks/start-state.ts';
import { addObservation } from '../tasks/step.ts';
import texts from './micro-observation.json' with { type: 'json' };

/** One more observation of an entity that a knowledge graph has, in many words. */
export default {
  name: 'micro-observation',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const [known = ''] = people(start, draw);
    const note = draw.sentence();
    return {
      start,
      steps: [addObservation(roles, known, note)],
      clauses: [{ kind: 'observation', values: { known, note } }],
      subGoals: 1,
    };
  },
} satisfies Family;
