import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { createEntity } from '../tasks/step.ts';
import texts from './micro-entity.json' with { type: 'json' };

/** One new entity of a knowledge graph, in many words. */
export default {
  name: 'micro-entity',
  wording: mixedPhrasings(texts),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const [name, type, text] = [draw.person(), draw.word('entityTypes'), draw.sentence()];
    return {
      start,
      steps: [createEntity(roles, name, type, text)],
      clauses: [{ kind: 'entity', values: { name, type, text } }],
      subGoals: 1,
    };
  },
} satisfies Family;
