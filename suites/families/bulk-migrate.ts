import { drawCount, drawKey, drawShare, drawTexts, entriesIn, inChains, textWith } from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { readPage } from '../tasks/page-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { readFile, writeFile, writePage } from '../tasks/step.ts';
import { createNote, VAULT } from '../tasks/vault-steps.ts';
import clauses from './bulk-migrate.json' with { type: 'json' };

/** Where texts lie, and where they go. */
const shapes = [
  ['listed-pages', 'files'],
  ['listed-files', 'notes'],
  ['listed-files', 'pages'],
] as const;

/** Texts that a list names are copied to another server, word for word and under their names. Others beside them are not listed. */
export default {
  name: 'bulk-migrate',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [2],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const [from, to] = shapes[shape] ?? shapes[0];
    const start = startState(draw);
    const [project, key] = [draw.name(), drawKey(draw)];
    const count = drawCount(draw, size);
    const text = () => textWith(draw, key, 10 + draw.below(90)).trim();
    const listed = drawTexts(draw, count, '.md', text);
    const others = drawTexts(draw, drawShare(draw, count), '.md', text);
    const isPages = from === 'listed-pages';
    const list = `${draw.name()}${isPages ? '.md' : '.txt'}`;
    const stock = draw.shuffle([...listed, ...others, { name: list, text: listed.map(({ name }) => name).join('\n') }]);
    const chains = listed.map(({ name, text }) => [
      isPages ? readPage(project, name) : readFile(roles, name),
      { files: writeFile(roles, name, text), notes: createNote(name, text), pages: writePage(project, name, text) }[to],
    ]);
    const target = { files: start.files, pages: start.pages };
    return {
      start: {
        ...start,
        ...(isPages
          ? { pages: { ...target.pages, ...entriesIn(project, stock) } }
          : { files: { ...target.files, ...entriesIn('', stock) } }),
      },
      steps: inChains([isPages ? readPage(project, list) : readFile(roles, list)], chains),
      clauses: [
        { kind: from, values: { list, project } },
        { kind: to, values: { project, vault: VAULT } },
      ],
      subGoals: 3,
    };
  },
} satisfies Family;
