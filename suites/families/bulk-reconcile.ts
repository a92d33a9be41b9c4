import {
  byName,
  drawCount,
  drawShare,
  drawTexts,
  entriesIn,
  inChains,
  listRows,
  pageOf,
  pagesOf,
  textTable,
} from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { listFolder } from '../tasks/judgement-steps.ts';
import { listPages, readPage, replacePage } from '../tasks/page-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { readFile, writeFile, writePage } from '../tasks/step.ts';
import clauses from './bulk-reconcile.json' with { type: 'json' };

/** What is brought into line with a table, and whether some of it is not there yet. */
const shapes = [
  ['pages', 'there'],
  ['files', 'there'],
  ['pages', 'missing'],
  ['files', 'missing'],
] as const;

/**
 * Pages, or files, each of which has to say what the table remarks on it: those that say something else are written anew, and those
 * that are missing are made. An older table has other remarks on the same things.
 */
export default {
  name: 'bulk-reconcile',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [3],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const [what, extent] = shapes[shape] ?? shapes[0];
    const start = startState(draw);
    const home = draw.name();
    const [table, older] = [`${draw.word('nouns')}_remarks`, `${draw.word('nouns')}_remarks`];
    const count = drawCount(draw, size);
    const isPages = what === 'pages';
    const right = drawTexts(draw, count, isPages ? '.md' : '.txt', () => draw.sentence()).sort(byName);
    const shuffled = draw.shuffle(right);
    const wrong = shuffled.slice(0, drawShare(draw, count));
    const missing = extent === 'missing' ? shuffled.slice(wrong.length, wrong.length + Math.ceil(count / 8)) : [];
    const found = draw
      .shuffle(right.filter((one) => !missing.includes(one)))
      .map((one) => (wrong.includes(one) ? { ...one, text: draw.sentence() } : one));
    const keyOf = (name: string) => (isPages ? name : `${home}/${name}`);
    const columns = [isPages ? 'page' : 'path', 'remark'];
    const rows = right.map(({ name, text }) => [keyOf(name), text]);
    const tables = {
      [older]: textTable(columns, draw.shuffle(rows.map(([name = '']) => [name, draw.sentence()]))),
      [table]: textTable(columns, draw.shuffle(rows)),
    };
    const write = (name: string, text: string) =>
      isPages ? writePage(home, name, text) : writeFile(roles, keyOf(name), text);
    const replace = (name: string, text: string) =>
      isPages ? replacePage(home, name, text) : writeFile(roles, keyOf(name), text);
    const chains = right.map((one) =>
      missing.includes(one)
        ? [write(one.name, one.text)]
        : [
            isPages ? readPage(home, one.name) : readFile(roles, keyOf(one.name)),
            ...(wrong.includes(one) ? [replace(one.name, one.text)] : []),
          ],
    );
    const listing = missing.length > 0 ? [isPages ? listPages(home) : listFolder(roles, home)] : [];
    const looking = [...listRows({ table, columns, count }), ...listing.map((step) => ({ ...step, after: [] }))];
    const listed = listing.length > 0 ? [pagesOf(count).length] : [];
    return {
      start: { ...start, tables, [what]: { ...start[what], ...entriesIn(home, found) } },
      steps: inChains(looking, chains, (row) => [pageOf(row), ...listed]),
      clauses: [
        { kind: what, values: { table, home } },
        ...(extent === 'missing' ? [{ kind: extent, values: {} }] : []),
      ],
      subGoals: extent === 'missing' ? 4 : 3,
    };
  },
} satisfies Family;
