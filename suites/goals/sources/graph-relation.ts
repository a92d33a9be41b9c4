import { readGraph } from '../../tasks/graph-steps.ts';
import { withPerson } from '../people.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './graph-relation.json' with { type: 'json' };

/** Whom an entity has a relation to; it has another relation too, and another entity has the same one. */
export default {
  name: 'graph-relation',
  home: 'graph',
  gives: ['person', 'name'],
  isComputed: false,
  placeKind: 'person',
  texts,
  lookUp: ({ draw, roles, start }, wanted) => {
    const place = drawValue(draw, 'person');
    const relation = draw.word('relationTypes');
    const [first = '', second = ''] = start.entities.map((entity) => entity.name);
    const other = start.relations[0]?.type ?? draw.word('relationTypes');
    const relations = draw.shuffle([
      { from: place, type: relation, to: wanted },
      { from: place, type: other, to: first },
      { from: second, type: relation, to: first },
    ]);
    const people = [place, wanted].reduce((state, name) => withPerson({ draw, roles, start: state }, name), start);
    return {
      start: { ...people, relations: [...start.relations, ...relations] },
      steps: [readGraph(roles)],
      values: { relation, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
