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
    const kinds = shapes[shape] ?? ['lines'];
    const [first, question = first] = kinds;
    const archive = drawArchive(draw);
    const { folder, key, letters } = archive;
    const topics = drawTopics(draw);
    const { one, other } = topics;
    const [target, ...rest] = draw.shuffle(letters) as [Letter, ...Letter[]];
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
    mentions.set(target, first === 'lines' || first === 'list' ? times() : draw.shuffle([other, one]));
    const mentioning = letters.filter((letter) => mentions.get(letter)?.includes(one));
    const lines = letters.flatMap((letter) => mentions.get(letter)?.filter((topic) => topic === one) ?? []).length;
    const referred = letters.find((letter) => letter.number === target.refersTo) ?? target;
    const answers = {
      name: { test: fileTest(target.file), reference: target.file },
      value: { test: { number: target.value, tolerance: 0 }, reference: `${target.value}` },
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
      steps: [...finding, ...following(asks, finding.length, key, target, referred)],
      clauses: kinds.map((kind) => ({ kind, values: { folder, key, topic: one, other } })),
      subGoals: first === 'both' ? 3 : kinds.length,
      answer: answers[asks],
    };
  },
} satisfies Family;

/** What is looked up once the letter is known. */
function following(asks: string, first: number, key: string, letter: Letter, referred: Letter): PlannedStep[] {
  const before = Array.from({ length: first }, (_, index) => index);
  if (asks === 'value') return [{ ...searchArchive(lineWith(key), pathOf(letter)), after: before }];
  if (asks !== 'refers') return [];
  return [
    { ...searchArchive(lineWith('refers to'), pathOf(letter)), after: before },
    { ...searchArchive(`${lineWith('number')}${letter.refersTo}`, letter.folder), after: [first] },
    { ...searchArchive(lineWith('sender'), pathOf(referred)), after: [first + 1] },
  ];
}
