import type { Draft, Family } from '../tasks/family.ts';
import { drawArchive, drawTopics, type Letter, lineWith, withArchive } from '../tasks/archive-content.ts';
import { searchArchive } from '../tasks/archive-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import clauses from './search-collect.json' with { type: 'json' };

/** What is collected from the letters, and what is written of it. */
const shapes = [
  ['each', 'list'],
  ['some', 'list'],
  ['each', 'sum'],
  ['names', 'list'],
  ['some', 'sum'],
] as const;

/**
 * Collects values over the letters of a folder of the archive, all or those that mention something, and writes them or
 * their sum to a file. Letters elsewhere have such values too, and others in the folder mention something of nearly that name.
 */
export default {
  name: 'search-collect',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [4],
  draft: (draw, roles, shape): Draft => {
    const [what, form] = shapes[shape] ?? ['each', 'list'];
    const archive = drawArchive(draw);
    const { folder, key, letters } = archive;
    const { one, other, near } = drawTopics(draw);
    const count = 2 + draw.below(3);
    const chosenLetters = draw.shuffle(letters).slice(0, count);
    const topicsOf = (letter: Letter) =>
      chosenLetters.includes(letter) || archive.elsewhere.includes(letter) ? [other, one] : [near, other];
    const start = withArchive(startState(draw), draw, archive, topicsOf);
    const wantedLetters = what === 'each' ? letters : chosenLetters;
    const values = wantedLetters.map(({ file, value }) => (what === 'names' ? file : `${value}`)).sort();
    const total = wantedLetters.reduce((sum, { value }) => sum + value, 0);
    const path = `${someFolder(start, draw)}/${draw.name()}.txt`;
    const searches = [
      ...(what === 'each' ? [] : [searchArchive(one, folder)]),
      ...(what === 'names' ? [] : [searchArchive(lineWith(key), folder)]),
    ];
    const writing = writeFile(roles, path, form === 'sum' ? `${total}` : values.join('\n'));
    return {
      start,
      steps: [...searches, { ...writing, after: searches.map((_, index) => index) }],
      clauses: [
        { kind: what, values: { folder, key, topic: one } },
        { kind: form, values: { path } },
      ],
      subGoals: searches.length + 1,
    };
  },
} satisfies Family;
