import { withEntity } from '../../tasks/graph-steps.ts';
import { someType } from '../people.ts';
import { createRelation } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import texts from './relation.json' with { type: 'json' };

/** Connects an existing entity with the existing one that the value names. */
export default {
  name: 'relation',
  home: 'graph',
  wants: 'person',
  texts,
  record: ({ draw, roles, start }, value) => {
    const others = start.entities.map((one) => one.name).filter((name) => name !== value);
    const [entity, relation] = [draw.pick(others), draw.word('relationTypes')];
    const isKnown = others.length < start.entities.length;
    return {
      start: isKnown ? start : withEntity(start, value, someType(start, draw), [draw.sentence()]),
      steps: [createRelation(roles, entity, relation, value)],
      values: { entity, relation, value },
    };
  },
} satisfies Sink;
