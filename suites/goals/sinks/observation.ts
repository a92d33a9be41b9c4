import { addObservation } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { bystander } from '../people.ts';
import texts from './observation.json' with { type: 'json' };

/** Adds the value to the observations of an existing entity. */
export default {
  name: 'observation',
  home: 'graph',
  wants: 'text',
  texts,
  record: ({ draw, roles, start }, value) => {
    const entity = bystander(start, draw);
    return { start, steps: [addObservation(roles, entity, value)], values: { entity, value } };
  },
} satisfies Sink;
