import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import { people, startState } from '../tasks/start-state.ts';
import { addObservation, createEntity, createRelation } from '../tasks/step.ts';
import phrasings from './graph-facts.json' with { type: 'json' };

const shapes = [
  ['entity'],
  ['entity', 'relation'],
  ['entity', 'observation', 'relation'],
  ['observation'],
  ['observation', 'relation'],
  ['relation'],
  ['entity', 'observation'],
] as const;

/** One to three changes in a knowledge graph: a new entity, an observation on a known one, a relation. */
export default {
  name: 'graph-facts',
  wording: wholePhrasings(phrasings),
  hasStandIns: true,
  shapes: shapes.length,
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const kinds: readonly string[] = shapes[shape] ?? shapes[0];
    const [first = '', second = '', third = ''] = people(start, draw);
    const [name, type, text] = [draw.person(), draw.word('entityTypes'), draw.sentence()];
    const [note, relation] = [draw.sentence(), draw.word('relationTypes')];
    // A relation starts at the new entity where there is one.
    const [from, to] = kinds.includes('entity') ? [name, second] : [second, third];
    const all = {
      entity: { step: createEntity(roles, name, type, text), values: { name, type, text } },
      observation: { step: addObservation(roles, first, note), values: { known: first, note } },
      relation: { step: createRelation(roles, from, relation, to), values: { from, relation, to } },
    };
    const shapeKinds = (['entity', 'observation', 'relation'] as const).filter((kind) => kinds.includes(kind));
    return {
      start,
      steps: shapeKinds.map((kind) => ({
        ...all[kind].step,
        after: kind === 'relation' && kinds.includes('entity') ? [0] : [],
      })),
      clauses: shapeKinds.map((kind) => ({ kind, values: all[kind].values })),
      subGoals: shapeKinds.length,
    };
  },
} satisfies Family;
