import { bystander, withPerson } from '../people.ts';
import { createRelation } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import texts from './relation.json' with { type: 'json' };

/** Connects an existing entity with the existing one that the value names. */
export default {
  name: 'relation',
  home: 'graph',
  wants: 'person',
  texts,
  record: (setting, value) => {
    const { draw, roles, start } = setting;
    const [entity, relation] = [bystander(start, draw), draw.word('relationTypes')];
    return {
      start: withPerson(setting, value),
      steps: [createRelation(roles, entity, relation, value)],
      values: { entity, relation, value },
    };
  },
} satisfies Sink;
