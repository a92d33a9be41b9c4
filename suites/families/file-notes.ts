import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import { someFile, someFolder, startState } from '../tasks/start-state.ts';
import { createFolder, moveFile, writeFile } from '../tasks/step.ts';
import phrasings from './file-notes.json' with { type: 'json' };

const shapes = [
  ['folder'],
  ['folder', 'write'],
  ['folder', 'write', 'move'],
  ['write'],
  ['write', 'move'],
  ['move'],
] as const;

/** One to three changes in a folder tree: a new folder, a new text file, a moved file. */
export default {
  name: 'file-notes',
  wording: wholePhrasings(phrasings),
  hasStandIns: true,
  shapes: shapes.length,
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const kinds: readonly string[] = shapes[shape] ?? shapes[0];
    const folder = draw.name();
    // A note goes into the new folder where there is one, and half of the moved files do too.
    const home = kinds.includes('folder') ? folder : someFolder(start, draw);
    const [path, text] = [`${home}/${draw.name()}.txt`, draw.sentence()];
    const source = someFile(start, draw);
    const destination = `${draw.pick([home, someFolder(start, draw)])}/${draw.name()}.txt`;
    const all = {
      folder: { step: createFolder(roles, folder), values: { folder } },
      write: { step: writeFile(roles, path, text), values: { path, text } },
      move: { step: moveFile(roles, source, destination), values: { source, destination } },
    };
    const shapeKinds = (['folder', 'write', 'move'] as const).filter((kind) => kinds.includes(kind));
    const needsFolder = (where: string) => kinds.includes('folder') && where.startsWith(`${folder}/`);
    const places = { folder: '', write: path, move: destination };
    return {
      start,
      steps: shapeKinds.map((kind) => ({ ...all[kind].step, after: needsFolder(places[kind]) ? [0] : [] })),
      clauses: shapeKinds.map((kind) => ({ kind, values: all[kind].values })),
      subGoals: shapeKinds.length,
    };
  },
} satisfies Family;
