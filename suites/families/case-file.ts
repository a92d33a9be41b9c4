import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import { people, startState } from '../tasks/start-state.ts';
import { createEntity, createFolder, createRelation, writeFile } from '../tasks/step.ts';
import phrasings from './case-file.json' with { type: 'json' };

/** Opens a case on two servers: a folder, a note in it, a person in the graph and how somebody known relates to them. */
export default {
  name: 'case-file',
  wording: wholePhrasings(phrasings),
  hasStandIns: true,
  shapes: 2,
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const folder = draw.name();
    const [path, text] = [`${folder}/${draw.name()}.txt`, draw.sentence()];
    const [name, type, remark] = [draw.person(), draw.word('entityTypes'), draw.sentence()];
    const [person = ''] = people(start, draw);
    const relation = draw.word('relationTypes');
    const [from, to] = shape === 0 ? [name, person] : [person, name];
    return {
      start,
      steps: [
        createFolder(roles, folder),
        { ...writeFile(roles, path, text), after: [0] },
        createEntity(roles, name, type, remark),
        { ...createRelation(roles, from, relation, to), after: [2] },
      ],
      clauses: [
        { kind: 'folder', values: { folder } },
        { kind: 'write', values: { path, text } },
        { kind: 'entity', values: { name, type, remark } },
        { kind: 'relation', values: { from, relation, to } },
      ],
      subGoals: 4,
    };
  },
} satisfies Family;
