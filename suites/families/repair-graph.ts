import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { deleteObservation, deleteRelation, readGraph } from '../tasks/graph-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { people, someFolder, startState } from '../tasks/start-state.ts';
import { addObservation, createEntity, createRelation, readFile } from '../tasks/step.ts';
import clauses from './repair-graph.json' with { type: 'json' };

/** Which planted faults a shape has; `agrees` is the twin of `observation`, in which there is none. */
const faults = [['relation'], ['observation'], ['agrees'], ['role'], ['missing'], ['relation', 'observation']] as const;

/**
 * A planted inconsistency of the graph: a relation leads to a misspelt name or to the wrong person, an observation
 * contradicts the file that is right, or an entity that a relation leads to is missing. The rest of it is sound.
 */
export default {
  name: 'repair-graph',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: faults.length,
  heldOutShapes: [5],
  draft: (draw, roles, shape): Draft => {
    const shapeFaults: readonly string[] = faults[shape] ?? [];
    const common = startState(draw);
    const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
    const [friend = '', other = ''] = people(common, draw);
    const [name, stranger] = [draw.person(), draw.person()];
    const [relation, unlike] = [draw.word('relationTypes'), draw.word('relationTypes')];
    const facts = Array.from({ length: 3 }, () => ({
      key: `${draw.word('nouns')} ${draw.word('keyHeads')}`,
      value: draw.name(),
    }));
    const [wrong, extra] = [draw.name(), draw.sentence()];
    const at = draw.below(facts.length);
    const trueLines = facts.map(({ key, value }) => `${key}: ${value}`);
    const [right = '', key = ''] = [trueLines[at], facts[at]?.key];
    const isContradicted = shapeFaults.includes('observation');
    const graphLines = trueLines.map((line, index) => (index === at && isContradicted ? `${key}: ${wrong}` : line));
    const misspelt = `${friend.slice(0, -2)}${friend.slice(-1)}`;
    const target = shapeFaults.includes('relation')
      ? misspelt
      : shapeFaults.includes('role')
        ? other
        : shapeFaults.includes('missing')
          ? stranger
          : friend;
    const [type, remark] = [draw.word('entityTypes'), draw.sentence()];
    const cards = [
      { name: stranger, type, remark },
      { name: draw.person(), type: draw.word('entityTypes'), remark: draw.sentence() },
    ].map((entity) => `${entity.name}, ${entity.type}: ${entity.remark}`);
    const ties = draw.shuffle([`${relation}: ${friend}`, `${unlike}: ${other}`]);
    const file = shapeFaults.includes('role')
      ? ties
      : shapeFaults.includes('missing')
        ? draw.shuffle(cards)
        : trueLines;
    const isRead = !shapeFaults.includes('relation') || isContradicted;
    const after = isRead ? [0, 1] : [0];
    const repairs: Record<string, readonly PlannedStep[]> = {
      relation: [deleteRelation(roles, name, relation, misspelt), createRelation(roles, name, relation, friend)],
      role: [deleteRelation(roles, name, relation, other), createRelation(roles, name, relation, friend)],
      observation: [deleteObservation(roles, name, `${key}: ${wrong}`), addObservation(roles, name, right)],
      missing: [createEntity(roles, stranger, type, remark)],
      agrees: [],
    };
    const values = { name, path, relation };
    const clauses = shapeFaults.map((fault) => ({ kind: fault === 'agrees' ? 'observation' : fault, values }));
    const isTwin = shapeFaults[0] === 'observation' || shapeFaults[0] === 'agrees';
    return {
      start: {
        ...common,
        files: { ...common.files, [path]: file.join('\n') },
        entities: [
          ...common.entities,
          { name, type: draw.word('entityTypes'), observations: draw.shuffle([...graphLines, extra]) },
        ],
        relations: [
          ...common.relations,
          { from: name, type: relation, to: target },
          { from: name, type: unlike, to: other },
        ],
      },
      steps: [
        ...(isRead ? [readFile(roles, path)] : []),
        readGraph(roles),
        ...shapeFaults.flatMap((fault) => repairs[fault] ?? []).map((step) => ({ ...step, after })),
      ],
      clauses: [...clauses, ...(isTwin ? [{ kind: 'otherwise', values: { name } }] : [])],
      subGoals: shapeFaults.length + (isRead ? 2 : 1),
      ...(shapeFaults[0] === 'agrees' ? { answer: { test: { equals: extra }, reference: extra } } : {}),
    };
  },
} satisfies Family;
