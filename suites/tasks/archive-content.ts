import type { TextTest } from '../../core/goal-types.ts';
import type { Draw } from './draw.ts';
import type { State } from './state.ts';

/** A letter of the archive; it refers to another one by that one's number. */
export interface Letter {
  readonly folder: string;
  readonly file: string;
  readonly number: number;
  readonly sender: string;
  readonly value: number;
  readonly refersTo: number;
}

/** Letters in two folders of the archive, all with a value under the same key. */
export interface Archive {
  readonly key: string;
  /** The folder that tasks are about, and its letters in the order of their names. */
  readonly folder: string;
  readonly letters: readonly Letter[];
  readonly elsewhere: readonly Letter[];
}

export function drawArchive(draw: Draw): Archive {
  const [folder, other] = [draw.word('nouns'), draw.word('nouns')];
  const count = 5 + draw.below(3);
  const numbers = draw.shuffle(Array.from({ length: count + 3 }, (_, index) => 1000 + 900 * index + draw.below(900)));
  const letters = Array.from({ length: count + 3 }, (_, index): Letter => {
    const isWanted = index < count;
    return {
      folder: isWanted ? folder : other,
      file: `${draw.name()}.txt`,
      number: numbers[index] ?? 0,
      sender: draw.person(),
      value: isWanted ? draw.number(1000, 9999) : 1000 + draw.below(9000),
      // The next letter but one: never itself, and from the folder to the folder.
      refersTo: numbers[isWanted ? (index + 2) % count : count + ((index - count + 1) % 3)] ?? 0,
    };
  });
  const [inside, elsewhere] = [letters.slice(0, count), letters.slice(count)];
  return { key: keyFor(draw), folder, letters: inside.toSorted(byFile), elsewhere };
}

/** Not one that every letter has. */
function keyFor(draw: Draw): string {
  const key = draw.word('keyHeads');
  return key === 'number' ? draw.word('keyHeads') : key;
}

const byFile = (one: Letter, other: Letter) => (one.file < other.file ? -1 : 1);

/** Two subjects of letters, and for each a near one that shares its first word. */
export function drawTopics(draw: Draw) {
  const [firstTopic, other] = [draw.title(), draw.title()];
  return { one: firstTopic, other, near: nearTo(draw, firstTopic), nearOther: nearTo(draw, other) };
}

function nearTo(draw: Draw, topic: string): string {
  for (;;) {
    const near = `${topic.split(' ')[0]} ${draw.word('nouns')}`;
    if (near !== topic) return near;
  }
}

/** A state with the archive, in which each letter mentions what `topicsOf` says, one line each time. */
export function withArchive(
  start: State,
  draw: Draw,
  archive: Archive,
  topicsOf: (letter: Letter) => readonly string[],
): State {
  const letters = [...archive.letters, ...archive.elsewhere];
  const texts = letters.map((letter) => {
    const lines = topicsOf(letter).map((topic) => `Concerning the ${topic}, ${draw.pick(remarks)}.`);
    const head = [
      `number: ${letter.number}`,
      `sender: ${letter.sender}`,
      `${archive.key}: ${letter.value}`,
      `refers to: ${letter.refersTo}`,
    ];
    return [
      pathOf(letter),
      [...draw.shuffle(head), '', ...lines, `${draw.pick(endings)},`, letter.sender, ''].join('\n'),
    ];
  });
  return { ...start, archive: Object.fromEntries(texts) as State['archive'] };
}

const remarks = [
  'there is nothing new to report',
  'we shall have to wait a little longer',
  'your last letter has been read with care',
  'everybody here agrees with you',
  'some questions are still open',
] as const;
const endings = ['With kind regards', 'Yours', 'Until soon', 'Faithfully'] as const;

export const pathOf = ({ folder, file }: Letter): string => `${folder}/${file}`;

/** Lines that give a value, as a pattern. */
export const lineWith = (key: string): string => `^${key}: `;

/** The file's name, with or without folders before it, and with quotes around it. */
export const fileTest = (file: string): TextTest => ({
  matches: `^[\\s"'“‘\`]*(?:[\\w./-]*/)?${file.replaceAll('.', '\\.')}[\\s"'”’\`.]*$`,
});
