import { createEntity } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { someType } from '../people.ts';
import texts from './entity.json' with { type: 'json' };

/** Creates an entity of which the value is observed. */
export default {
  name: 'entity',
  home: 'graph',
  wants: 'text',
  texts,
  record: ({ draw, roles, start }, value) => {
    const [entity, type] = [draw.person(), someType(start, draw)];
    return { start, steps: [createEntity(roles, entity, type, value)], values: { entity, type, value } };
  },
} satisfies Sink;
