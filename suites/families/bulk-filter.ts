import { drawCount, drawKey, drawShare, drawTexts, entriesIn, inChains, textWith } from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { listFolder } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { moveFile, readFile, writeFile } from '../tasks/step.ts';
import clauses from './bulk-filter.json' with { type: 'json' };

/** Which files of a folder are meant, and what becomes of them. */
const shapes = [
  ['mark', 'move'],
  ['least', 'list'],
  ['mark', 'list'],
  ['least', 'move'],
] as const;

/**
 * Reads all files of a folder and moves those, or lists the names of those, that bear a mark or give a number of some size. Files
 * elsewhere say the same.
 */
export default {
  name: 'bulk-filter',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [3],
  draft: (draw, roles, shape, size = 'few'): Draft => {
    const [which, deed] = shapes[shape] ?? shapes[0];
    const start = startState(draw);
    const [folder, target, elsewhere] = [draw.name(), draw.name(), draw.name()];
    const key = drawKey(draw);
    const count = drawCount(draw, size);
    const wanted = drawShare(draw, count);
    const values = which === 'mark' ? drawMarks(draw, wanted, count) : drawNumbers(draw, count);
    const limit = values[wanted - 1] ?? '';
    const files = drawTexts(draw, count, '.txt', (index) => textWith(draw, key, values[index] ?? ''));
    const chosen = files.slice(0, wanted);
    const listed = draw.shuffle(files);
    const decoys = drawTexts(draw, 2, '.txt', () => textWith(draw, key, limit));
    const path = `${target}/${draw.name()}.txt`;
    const chains = listed.map((file) => [
      readFile(roles, `${folder}/${file.name}`),
      ...(deed === 'move' && chosen.includes(file)
        ? [moveFile(roles, `${folder}/${file.name}`, `${target}/${file.name}`)]
        : []),
    ]);
    const reading = inChains([listFolder(roles, folder)], chains);
    const names = chosen.map(({ name }) => name).sort();
    const list = { ...writeFile(roles, path, names.join('\n')), after: listed.map((_, index) => 1 + index) };
    return {
      start: {
        ...start,
        files: { ...start.files, ...entriesIn(folder, listed), ...entriesIn(elsewhere, decoys), [`${target}/`]: '' },
      },
      steps: deed === 'move' ? reading : [...reading, list],
      clauses: [
        { kind: which, values: { folder, key, value: `${limit}` } },
        { kind: deed, values: { target, path } },
      ],
      subGoals: 3,
    };
  },
} satisfies Family;

type Draws = Parameters<Family['draft']>[0];

/** The wanted ones first, and all of them the same. */
function drawMarks(draw: Draws, wanted: number, count: number): string[] {
  const [mark, ...others] = [draw.word('adjectives'), draw.word('adjectives'), draw.word('adjectives')];
  return Array.from({ length: count }, (_, index) => (index < wanted ? mark : draw.pick(others)));
}

/** The greatest first. */
const drawNumbers = (draw: Draws, count: number): number[] =>
  Array.from({ length: count }, () => draw.number(200, 9999)).sort((one, other) => other - one);
