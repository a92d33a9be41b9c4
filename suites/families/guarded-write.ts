import type { Draft, Family } from '../tasks/family.ts';
import { listFolder } from '../tasks/judgement-steps.ts';
import { readPage } from '../tasks/page-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { readFile, writeFile } from '../tasks/step.ts';
import clauses from './guarded-write.json' with { type: 'json' };

/**
 * Writes a file only where none stands yet; where one does, it stays and its text is the answer. Odd shapes are the twins
 * of those before them, and read alike. Files of nearly the same name, and of the same name elsewhere, lie about.
 */
export default {
  name: 'guarded-write',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: 5,
  heldOutShapes: [4],
  draft: (draw, roles, shape): Draft => {
    const start = startState(draw);
    const folder = someFolder(start, draw);
    const stem = draw.name();
    const [path, text, present] = [`${folder}/${stem}.txt`, draw.sentence(), draw.sentence()];
    const [project = '', file = ''] = draw.pick(Object.keys(start.pages)).split('/');
    const copied = start.pages[`${project}/${file}`] ?? '';
    const [other, more] = [`${folder}/${draw.name()}.txt`, draw.sentence()];
    const isThere = shape % 2 === 1 || shape === 4;
    const files = {
      ...start.files,
      [`${folder}/${stem}.md`]: draw.sentence(),
      [`${draw.name()}/${stem}.txt`]: draw.sentence(),
      ...(isThere ? { [path]: present } : {}),
    };
    const write = { kind: 'write', values: { path, text } };
    const asks =
      shape === 4
        ? draw.shuffle([write, { kind: 'write', values: { path: other, text: more } }])
        : [shape < 2 ? write : { kind: 'page', values: { project, file, path } }];
    const [target, content] = shape === 4 ? [other, more] : [path, shape === 2 ? copied : text];
    const writing = [
      ...(shape === 2 ? [readPage(project, file)] : []),
      { ...writeFile(roles, target, content), after: shape === 2 ? [0, 1] : [0] },
    ];
    return {
      start: { ...start, files },
      steps: [
        listFolder(roles, folder),
        ...(isThere ? [{ ...readFile(roles, path), after: [0] }] : []),
        ...(isThere && shape < 4 ? [] : writing),
      ],
      clauses: [...asks, { kind: 'otherwise', values: {} }],
      subGoals: shape === 4 ? 3 : 2,
      ...(isThere ? { answer: { test: { equals: present }, reference: present } } : {}),
    };
  },
} satisfies Family;
