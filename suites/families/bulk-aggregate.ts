import { fileTest } from '../tasks/archive-content.ts';
import { drawCount, drawKey, drawShare, drawTexts, entriesIn, inChains, textWith } from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { listFolder } from '../tasks/judgement-steps.ts';
import { listPages, readPage } from '../tasks/page-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { readFile } from '../tasks/step.ts';
import { testFor } from '../tasks/sub-goal.ts';
import clauses from './bulk-aggregate.json' with { type: 'json' };

/** Where the numbers stand, and what is asked about them. */
const shapes = [
  ['pages', 'sum'],
  ['files', 'most'],
  ['lines', 'sum'],
  ['pages', 'most'],
  ['lines', 'most'],
  ['files', 'sum'],
] as const;

/**
 * The sum of the numbers that the pages of a project, the files of a folder, or some lines of one file give, or what has the greatest.
 * Others elsewhere give such numbers, too.
 */
export default {
  name: 'bulk-aggregate',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [5],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const [where, question] = shapes[shape] ?? shapes[0];
    const start = startState(draw);
    const [home, elsewhere] = [draw.name(), draw.name()];
    const key = drawKey(draw);
    const count = drawCount(draw, size);
    const numbers = Array.from({ length: count }, () => draw.number(200, 9999));
    const isLines = where === 'lines';
    const meant = numbers.slice(0, isLines ? drawShare(draw, count) : count);
    const ending = where === 'pages' ? '.md' : isLines ? '' : '.txt';
    const items = drawTexts(draw, count, ending, (index) => textWith(draw, key, numbers[index] ?? 0));
    const decoys = drawTexts(draw, 2, ending, () => textWith(draw, key, 9999));
    const most = items[numbers.indexOf(Math.max(...meant))]?.name ?? '';
    const sum = `${meant.reduce((one, other) => one + other, 0)}`;
    const answer =
      question === 'sum'
        ? { test: testFor(sum), reference: sum }
        : { test: isLines ? testFor(most) : fileTest(most), reference: most };
    if (isLines) {
      const [place, other] = [draw.word('places'), draw.word('places')];
      const lines = items.map(({ name }, at) => `${name}; ${at < meant.length ? place : other}; ${numbers[at]}`);
      const path = `${home}/${draw.name()}.txt`;
      const text = [`name; place; ${key}`, ...draw.shuffle(lines), ''].join('\n');
      return {
        start: { ...start, files: { ...start.files, [path]: text, ...entriesIn(elsewhere, decoys) } },
        steps: [readFile(roles, path)],
        clauses: [
          { kind: where, values: { path, place, key } },
          { kind: question, values: {} },
        ],
        subGoals: 2,
        answer,
      };
    }
    const [listing, part] =
      where === 'pages' ? [listPages(home), 'pages' as const] : [listFolder(roles, home), 'files' as const];
    const shuffled = draw.shuffle(items);
    const chains = shuffled.map(({ name }) => [
      where === 'pages' ? readPage(home, name) : readFile(roles, `${home}/${name}`),
    ]);
    return {
      start: { ...start, [part]: { ...start[part], ...entriesIn(home, shuffled), ...entriesIn(elsewhere, decoys) } },
      steps: inChains([listing], chains),
      clauses: [
        { kind: where, values: { home, key } },
        { kind: question, values: {} },
      ],
      subGoals: 2,
      answer,
    };
  },
} satisfies Family;
