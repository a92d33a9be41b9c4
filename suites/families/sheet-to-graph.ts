import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import places from '../tasks/sheet-places.json' with { type: 'json' };
import { bookPath, readSheet } from '../tasks/sheet-steps.ts';
import { startState } from '../tasks/start-state.ts';
import { createEntity, createRelation } from '../tasks/step.ts';
import clauses from './sheet-to-graph.json' with { type: 'json' };

/** Which rows become entities, and whether those are related to one another. */
const shapes = [['all'], ['marked'], ['all', 'relate'], ['marked', 'relate']] as const;

/**
 * Rows of a sheet become entities of the knowledge graph: all of them, or those of one group; a column may say to whom
 * each is related. Another sheet holds the same people with other remarks.
 */
export default {
  name: 'sheet-to-graph',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [3],
  draft: (draw, roles, shape): Draft => {
    const asks = shapes[shape] ?? ['all'];
    const isMarked = asks[0] === 'marked';
    const [group, other] = [draw.word('places'), draw.word('places')];
    const names = Array.from({ length: isMarked ? 5 : 3 }, () => draw.person());
    const count = isMarked ? 2 + draw.below(2) : names.length;
    const chosenNames = names.slice(0, count);
    const people = names.map((name, index) => ({
      name,
      type: draw.word('entityTypes'),
      remark: draw.sentence(),
      group: index < count ? group : other,
      // One of those that become entities, so that both ends exist; the last of these has none.
      superior: chosenNames[index + 1] ?? (index < count ? '' : (chosenNames[0] ?? '')),
    }));
    const sheetOf = (remarkOf: (remark: string) => string) => [
      ['name', 'occupation', 'remark', 'group', 'superior'],
      ...draw
        .shuffle(people)
        .map((person) => [person.name, person.type, remarkOf(person.remark), person.group, person.superior]),
    ];
    const [book, sheet, twin] = [`${draw.name()}.xlsx`, draw.word('nouns'), draw.word('nouns')];
    const workbook = { [twin]: sheetOf(() => draw.sentence()), [sheet]: sheetOf((remark) => remark) };
    const relation = draw.word('relationTypes');
    const chosenPeople = people.slice(0, count);
    const isRelated = asks.some((kind) => kind === 'relate');
    const entities = chosenPeople.map((person) => ({
      ...createEntity(roles, person.name, person.type, person.remark),
      after: [0],
    }));
    const relations = chosenPeople.slice(0, -1).map((person, index) => ({
      ...createRelation(roles, person.name, relation, person.superior),
      after: [1 + index, 2 + index],
    }));
    return {
      start: { ...startState(draw), workbooks: { [book]: workbook } },
      steps: [readSheet(book, sheet), ...entities, ...(isRelated ? relations : [])],
      clauses: [
        { kind: 'sheet', values: { sheet, book: bookPath(book) } },
        ...asks.map((kind) => ({ kind, values: { group, relation } })),
      ],
      subGoals: isRelated ? 3 : 2,
    };
  },
} satisfies Family;
