import { openNodes, withEntity } from '../../tasks/graph-steps.ts';
import { someType } from '../people.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { keyedLines } from '../keyed-lines.ts';
import { drawValue } from '../values.ts';
import texts from './graph-observation.json' with { type: 'json' };

/** The value of an observation `key: value`; another entity is observed by the same keys. */
export default {
  name: 'graph-observation',
  home: 'graph',
  gives: null,
  isComputed: false,
  placeKind: 'person',
  texts,
  lookUp: ({ draw, roles, start }, wanted) => {
    const [place, decoy] = [drawValue(draw, 'person'), drawValue(draw, 'person')];
    const { key, lines, decoys } = keyedLines(draw, wanted);
    const withDecoy = withEntity(start, decoy, someType(start, draw), decoys);
    return {
      start: withEntity(withDecoy, place, someType(start, draw), lines),
      steps: [openNodes(roles, [place])],
      values: { key, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
