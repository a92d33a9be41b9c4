import type { Family, Draft, PlannedStep } from '../tasks/family.ts';
import {
  drawArchive,
  drawTopics,
  fileTest,
  type Letter,
  lineWith,
  pathOf,
  withArchive,
} from '../tasks/archive-content.ts';
import { countInArchive, searchArchive } from '../tasks/archive-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './search-answer.json' with { type: 'json' };

/** How the letter is found, and what is asked of it; or one question to the whole folder. */
const shapes = [
  ['one', 'name'],
  ['one', 'value'],
  ['one', 'refers'],
  ['both', 'name'],
  ['lines'],
  ['list'],
  ['both', 'value'],
  ['both', 'refers'],
] as const;

/**
 * Searches a folder of the archive and answers: which letter mentions something, what it says or refers to, how many
 * lines or which letters do. Letters elsewhere mention the same, others in the folder something of nearly the same name.
 */
export default {
  name: 'search-answer',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [6, 7],
  draft: (draw, _, shape): Draft => {
    const asked = shapes[shape] ?? ['lines'];
    const [first, question = first] = asked;
    const archive = drawArchive(draw);
    const { folder, key, letters } = archive;
    const topics = drawTopics(draw);
    const { one, other } = topics;
    const [wanted, ...rest] = draw.shuffle(letters) as [Letter, ...Letter[]];
    const mentions = new Map<Letter, readonly string[]>(
      archive.elsewhere.map((letter) => [letter, [one, other, topics.nearOther]]),
    );
    const many = 2 + draw.below(2);
    const times = () => Array.from({ length: 2 + draw.below(6) }, () => one);
    for (const [index, letter] of rest.entries()) {
      const isMember = first === 'list' ? index < many - 1 : index < rest.length - 1;
      const perIndex = [[topics.near, other], [one, topics.nearOther], [other]];
      mentions.set(
        letter,
        first === 'both' ? (perIndex[index % 3] ?? []) : first === 'one' || !isMember ? [topics.near, other] : times(),
      );
    }
    mentions.set(wanted, first === 'lines' || first === 'list' ? times() : draw.shuffle([other, one]));
    const mentioning = letters.filter((letter) => mentions.get(letter)?.includes(one));
    const lines = letters.flatMap((letter) => mentions.get(letter)?.filter((topic) => topic === one) ?? []).length;
    const referred = letters.find((letter) => letter.number === wanted.refersTo) ?? wanted;
    const answers = {
      name: { test: fileTest(wanted.file), reference: wanted.file },
      value: { test: { number: wanted.value, tolerance: 0 }, reference: `${wanted.value}` },
      refers: { test: { equals: referred.sender }, reference: referred.sender },
      lines: { test: { number: lines, tolerance: 0 }, reference: `${lines}` },
      list: {
        test: { items: mentioning.map(({ file }) => file) },
        reference: mentioning.map(({ file }) => file).join(', '),
      },
    };
    const finding: readonly PlannedStep[] =
      first === 'both'
        ? [searchArchive(one, folder), searchArchive(other, folder)]
        : [first === 'lines' ? countInArchive(one, folder) : searchArchive(one, folder)];
    const asks = question === 'one' || question === 'both' ? 'name' : question;
    return {
      start: withArchive(startState(draw), draw, archive, (letter) => mentions.get(letter) ?? []),
      steps: [...finding, ...following(asks, finding.length, key, wanted, referred)],
      clauses: asked.map((kind) => ({ kind, values: { folder, key, topic: one, other } })),
      subGoals: first === 'both' ? 3 : asked.length,
      answer: answers[asks],
    };
  },
} satisfies Family;

/** What is looked up once the letter is known. */
function following(asks: string, found: number, key: string, wanted: Letter, referred: Letter): PlannedStep[] {
  const before = Array.from({ length: found }, (_, index) => index);
  if (asks === 'value') return [{ ...searchArchive(lineWith(key), pathOf(wanted)), after: before }];
  if (asks !== 'refers') return [];
  return [
    { ...searchArchive(lineWith('refers to'), pathOf(wanted)), after: before },
    { ...searchArchive(`${lineWith('number')}${wanted.refersTo}`, wanted.folder), after: [found] },
    { ...searchArchive(lineWith('sender'), pathOf(referred)), after: [found + 1] },
  ];
}
