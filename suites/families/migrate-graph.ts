import type { Draft, Family } from '../tasks/family.ts';
import { deleteEntity, openNodes, readGraph } from '../tasks/graph-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { people, someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import clauses from './migrate-graph.json' with { type: 'json' };

/**
 * The observations of an entity become the lines of a file; the entity is named, found by a relation, or one of a type. It
 * then goes or stays. Others of the graph are related to the same person in other ways.
 */
export default {
  name: 'migrate-graph',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: 5,
  heldOutShapes: [4],
  draft: (draw, roles, shape): Draft => {
    const common = startState(draw);
    const folder = someFolder(common, draw);
    const [type, other] = [draw.word('entityTypes'), draw.word('entityTypes')];
    const things = [type, type, other, other].map((type) => ({
      name: draw.person(),
      type,
      observations: Array.from({ length: 2 + draw.below(2) }, () => draw.sentence()),
    }));
    const [first, second, third] = things.map(({ name }) => name) as [string, string, string];
    const [person = ''] = people(common, draw);
    const [relation, unlike] = [draw.word('relationTypes'), draw.word('relationTypes')];
    const start = {
      ...common,
      entities: [...common.entities, ...things],
      relations: [
        ...common.relations,
        { from: person, type: unlike, to: second },
        { from: person, type: relation, to: first },
        { from: third, type: relation, to: second },
      ],
    };
    const linesOf = (name: string) => things.find((thing) => thing.name === name)?.observations.join('\n') ?? '';
    if (shape === 3) {
      return {
        start,
        steps: [
          readGraph(roles),
          ...[first, second].map((name) => ({
            ...writeFile(roles, `${folder}/${name}.txt`, linesOf(name)),
            after: [0],
          })),
        ],
        clauses: [{ kind: 'type', values: { type: type, folder } }],
        subGoals: 3,
      };
    }
    const [isRelated, isDeleted] = [shape === 1 || shape === 4, shape === 2 || shape === 4];
    const path = `${folder}/${draw.name()}.txt`;
    return {
      start,
      steps: [
        isRelated ? readGraph(roles) : openNodes(roles, [first]),
        { ...writeFile(roles, path, linesOf(first)), after: [0] },
        ...(isDeleted ? [{ ...deleteEntity(roles, first), after: [1] }] : []),
      ],
      clauses: [
        isRelated
          ? { kind: 'related', values: { from: person, relation, path } }
          : { kind: 'named', values: { name: first, path } },
        ...(isDeleted ? [{ kind: 'delete', values: {} }] : []),
      ],
      subGoals: (isRelated ? 3 : 2) + (isDeleted ? 1 : 0),
    };
  },
} satisfies Family;
