import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { people, startState } from '../tasks/start-state.ts';
import { createRelation } from '../tasks/step.ts';
import texts from './micro-relation.json' with { type: 'json' };

/** One relation between entities that a knowledge graph has, in many words. */
export default {
  name: 'micro-relation',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const [from = '', to = ''] = people(start, draw);
    const relation = draw.word('relationTypes');
    return {
      start,
      steps: [createRelation(roles, from, relation, to)],
      clauses: [{ kind: 'relation', values: { from, relation, to } }],
      subGoals: 1,
    };
  },
} satisfies Family;
