import { searchNodes, withEntity } from '../../tasks/graph-steps.ts';
import { someType } from '../people.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './graph-search.json' with { type: 'json' };

/** The name of the entity that has an observation. */
export default {
  name: 'graph-search',
  home: 'graph',
  gives: ['person', 'name'],
  isComputed: false,
  placeKind: 'phrase',
  texts,
  lookUp: ({ draw, roles, start }, wanted) => {
    const place = drawValue(draw, 'phrase');
    const withDecoy = withEntity(start, draw.person(), someType(start, draw), [draw.sentence()]);
    return {
      start: withEntity(withDecoy, wanted, someType(start, draw), [place]),
      steps: [searchNodes(roles, place)],
      values: { place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
