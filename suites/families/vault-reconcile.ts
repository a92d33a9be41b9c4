import type { Draft, Family } from '../tasks/family.ts';
import { deleteEntity, readGraph } from '../tasks/graph-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { createEntity } from '../tasks/step.ts';
import { readNote } from '../tasks/vault-steps.ts';
import clauses from './vault-reconcile.json' with { type: 'json' };

/** How many of a shape's note the graph lacks, and how many the graph has too many. */
const gaps = [
  { asks: ['create'], missing: 1, surplus: 1 },
  { asks: ['create'], missing: 2, surplus: 1 },
  { asks: ['remove'], missing: 1, surplus: 1 },
  { asks: ['remove'], missing: 1, surplus: 2 },
  { asks: ['create', 'remove'], missing: 1, surplus: 1 },
  { asks: ['create'], missing: 0, surplus: 1 },
  { asks: ['remove'], missing: 1, surplus: 0 },
] as const;

/**
 * A note of the vault lists people of one type, against which the graph is held: who is missing there is created, who is too
 * many is deleted, or both. A difference that nobody asked about stays. Where there is nothing to do, the evidence is told of
 * the one person whom only note or graph knows.
 */
export default {
  name: 'vault-reconcile',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: gaps.length,
  draft: (draw, roles, shape): Draft => {
    const { asks, missing: missingCount, surplus } = gaps[shape] ?? gaps[0];
    const common = startState(draw);
    const [folder, note] = [draw.name(), `${draw.name()}.md`];
    const [type, unlike] = [draw.word('entityTypes'), draw.word('entityTypes')];
    const someone = () => ({ name: draw.person(), remark: draw.sentence() });
    const several = (count: number) => Array.from({ length: count }, someone);
    const [lacking, surplusPeople, matchingPeople, others] = [
      several(missingCount),
      several(surplus),
      several(2),
      several(2),
    ];
    const lines = (people: readonly ReturnType<typeof someone>[]) =>
      people.map(({ name, remark }) => `- ${name}: ${remark}`).join('\n');
    // Who is to be created stands in the order of the plan.
    const listedPeople = draw.below(2) === 0 ? [...lacking, ...matchingPeople] : [...matchingPeople, ...lacking];
    const entities = draw.shuffle([
      ...[...matchingPeople, ...surplusPeople].map((person) => ({ ...person, type })),
      ...others.map((person) => ({ ...person, type: unlike })),
    ]);
    const after = [0, 1];
    const work = asks.flatMap((ask) =>
      ask === 'create'
        ? lacking.map(({ name, remark }) => ({ ...createEntity(roles, name, type, remark), after }))
        : surplusPeople.map(({ name }) => ({ ...deleteEntity(roles, name), after })),
    );
    const evidence = [...lacking, ...surplusPeople][0]?.remark ?? '';
    return {
      start: {
        ...common,
        vault: {
          [`${folder}/${note}`]: lines(listedPeople),
          [`${folder}/${draw.name()}.md`]: lines(others),
          [`${draw.name()}/${note}`]: lines(several(2)),
        },
        entities: [
          ...common.entities,
          ...entities.map((person) => ({ name: person.name, type: person.type, observations: [person.remark] })),
        ],
      },
      steps: [readNote(note, folder), readGraph(roles), ...work],
      clauses: [
        ...asks.map((ask) => ({ kind: ask, values: { folder, note, type } })),
        ...(asks.length === 1 ? [{ kind: 'otherwise', values: { type } }] : []),
      ],
      subGoals: 2 + work.length,
      ...(work.length === 0 ? { answer: { test: { equals: evidence }, reference: evidence } } : {}),
    };
  },
} satisfies Family;
