import type { Graph } from '../../envs/state/graph/files.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { deleteEntity, openNodes } from '../tasks/graph-steps.ts';
import { onRival } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { addObservation, type Roles, type Step, writeFile } from '../tasks/step.ts';
import clauses from './rival-graphs.json' with { type: 'json' };

type Make = (roles: Roles) => Step;

/** Names of the two servers, the trained one first, and what their cards say. */
const names = ['memory', 'knowledge-graph'] as const;
const cards = [
  'says of itself that it keeps “a knowledge graph”',
  'says of itself that it keeps “a graph of named entities”',
];

/** What a shape asks, the observations that the right graph and the wrong one have, and the plan. */
interface Variant extends Pick<Draft, 'steps'> {
  readonly kind: string;
  readonly own: readonly string[];
  readonly others: readonly string[];
}

/**
 * Two graphs are offered that know the same people and observe other things of them. One is right: that in which something
 * is observed, that in which the type is another, that of a name or a description.
 */
export default {
  name: 'rival-graphs',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: 5,
  draft: (draw, roles, shape): Draft => {
    const common = startState(draw);
    const isRival = draw.below(2) === 1;
    const right = (make: Make) => (isRival ? onRival(make) : make(roles));
    const wrong = (make: Make) => (isRival ? make(roles) : onRival(make));
    const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
    const [name, friend] = [draw.person(), draw.person()];
    const [type, unlike, relation] = [draw.word('entityTypes'), draw.word('entityTypes'), draw.word('relationTypes')];
    const [shared, oldRemark, more] = [draw.sentence(), draw.sentence(), draw.sentence()];
    const [other, text] = [draw.sentence(), draw.sentence()];
    const after = [0, 1];
    // Both are looked at, the trained one first, whichever is right.
    const looking = [openNodes(roles, [name]), onRival((one) => openNodes(one, [name]))];
    const differing = { own: [shared, oldRemark], others: [shared, other] };
    const missingRemarks = draw.below(2) === 0 ? [oldRemark] : [oldRemark, more];
    const { kind, own, others, steps } = [
      {
        kind: 'holder',
        ...differing,
        steps: [...looking, { ...right((one) => addObservation(one, name, text)), after }],
      },
      { kind: 'remove', ...differing, steps: [...looking, { ...right((one) => deleteEntity(one, name)), after }] },
      {
        kind: 'complete',
        own: [shared, ...missingRemarks],
        others: [shared, other],
        steps: [
          ...looking,
          ...missingRemarks.map((one) => ({ ...wrong((where) => addObservation(where, name, one)), after })),
        ],
      },
      { kind: 'complete', own: [shared, oldRemark], others: [shared, oldRemark, other], steps: looking },
      {
        kind: 'save',
        ...differing,
        steps: [
          right((one) => openNodes(one, [name])),
          { ...writeFile(roles, path, [shared, oldRemark].join('\n')), after: [0] },
        ],
      },
    ][shape] as Variant;
    const graphOf = (kindOf: string, observations: readonly string[]): Graph => ({
      entities: [
        { name, type: kindOf, observations },
        { name: friend, type: kindOf === type ? unlike : type, observations: [draw.sentence()] },
      ],
      relations: [{ from: friend, type: relation, to: name }],
    });
    const [ours, theirs] = [graphOf(type, own), graphOf(unlike, others)];
    const [trained, rivalGraph] = isRival ? [theirs, ours] : [ours, theirs];
    const server = names[Number(isRival)] ?? '';
    const which = draw.below(2) === 0 ? `is called “${server}”` : (cards[Number(isRival)] ?? '');
    return {
      start: {
        ...common,
        entities: [...common.entities, ...trained.entities],
        relations: [...common.relations, ...trained.relations],
        rivalGraph,
      },
      steps,
      clauses: [
        { kind, values: { name, known: oldRemark, text, type, server, which, path } },
        ...(kind === 'complete' ? [{ kind: 'nothing', values: { server } }] : []),
      ],
      subGoals: Math.max(2, steps.length - 1),
      ...(shape === 3 ? { answer: { test: { equals: other }, reference: other } } : {}),
    };
  },
} satisfies Family;
