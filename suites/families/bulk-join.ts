import { byName, drawCount, drawShare, inChains, listRows, pageOf, textTable } from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { openNodes } from '../tasks/graph-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { createTask, readFile, writePage } from '../tasks/step.ts';
import clauses from './bulk-join.json' with { type: 'json' };

/** Where the text lies that a row points at, and what is made of it. */
const shapes = [
  ['files', 'board'],
  ['graph', 'pages'],
  ['files', 'pages'],
  ['graph', 'board'],
] as const;

/**
 * Every row of one place points at a file, or at an entity of the graph; what stands there becomes a task of the board, or a page,
 * under the row's name. Rows of other places point at such things, too.
 */
export default {
  name: 'bulk-join',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [3],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const [from, to] = shapes[shape] ?? shapes[0];
    const common = startState(draw);
    const [place, other] = [draw.word('places'), draw.word('places')];
    const [table, project, folder] = [`${draw.word('nouns')}_rows`, draw.name(), draw.name()];
    const count = drawCount(draw, size);
    // Rows and what they point at have names of two forms: a pool of words has too few of one form for both.
    const drawPointer = () => (to === 'board' ? draw.name() : draw.title().replace(' ', '_'));
    const drawRow = () => ({
      name: to === 'board' ? draw.title() : `${draw.name()}.md`,
      pointer: from === 'files' ? `${folder}/${drawPointer()}.txt` : drawPointer(),
      text: draw.sentence(),
    });
    const rows = Array.from({ length: count }, drawRow).sort(byName);
    const others = Array.from({ length: drawShare(draw, count) }, drawRow);
    const columns = [to === 'board' ? 'name' : 'page', from === 'files' ? 'path' : 'entity'];
    const all = draw.shuffle([...rows, ...others]);
    const texts = draw.shuffle(all);
    const start = {
      ...common,
      tables: {
        [table]: textTable(
          [...columns, 'place'],
          all.map((row) => [row.name, row.pointer, rows.includes(row) ? place : other]),
        ),
      },
      ...(from === 'files'
        ? { files: { ...common.files, ...Object.fromEntries(texts.map((row) => [row.pointer, row.text])) } }
        : { entities: [...common.entities, ...texts.map(entityOf)] }),
    };
    const chains = rows.map(({ name, pointer, text }) => [
      from === 'files' ? readFile(roles, pointer) : openNodes(roles, [pointer]),
      to === 'board' ? createTask(name, text) : writePage(project, name, text),
    ]);
    return {
      start,
      steps: inChains(listRows({ table, columns, place, count }), chains, (row) => [pageOf(row)]),
      clauses: [
        { kind: from, values: { table, place } },
        { kind: to, values: { project } },
      ],
      subGoals: 3,
    };
  },
} satisfies Family;

const entityOf = ({ pointer, text }: { readonly pointer: string; readonly text: string }) => ({
  name: pointer,
  type: 'subject',
  observations: [text],
});
