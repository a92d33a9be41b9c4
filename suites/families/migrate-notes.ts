import type { Family } from '../tasks/family.ts';
import { deleteNote, listFolder, searchFolder } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someProject, startState } from '../tasks/start-state.ts';
import { readFile, writePage } from '../tasks/step.ts';
import { readNote } from '../tasks/vault-steps.ts';
import clauses from './migrate-notes.json' with { type: 'json' };

/**
 * Notes of a vault folder, or files of a folder, become pages of the memory bank, word for word: those that bear a mark, or
 * those that a file names. Notes then go or stay. Others in the folder bear another mark; one elsewhere looks the same.
 */
export default {
  name: 'migrate-notes',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: 5,
  heldOutShapes: [4],
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const [isFiles, isListed, isDeleted] = [shape === 2, shape === 3 || shape === 4, shape === 1 || shape === 4];
    const [folder, elsewhere] = [draw.name(), draw.name()];
    const project = draw.below(2) === 0 ? someProject(start) : draw.name();
    const key = `${draw.word('nouns')} ${draw.word('keyHeads')}`;
    const [topic, ...others] = [draw.word('adjectives'), draw.word('adjectives'), draw.word('adjectives')];
    const textWith = (value: string) => `${draw.sentence()}\n${key}: ${value}`;
    const count = 1 + draw.below(2);
    const notes = Array.from({ length: 4 }, (_, index) => ({
      name: `${draw.name()}.md`,
      text: textWith(index < count ? topic : draw.pick(others)),
    }));
    const topicNotes = notes.slice(0, count);
    const double = isListed ? (notes[0]?.name ?? '') : `${draw.name()}.md`;
    const stock = {
      ...Object.fromEntries(notes.map(({ name, text }) => [`${folder}/${name}`, text])),
      [`${elsewhere}/${double}`]: textWith(topic),
    };
    const list = `${draw.name()}.txt`;
    const listing = { [list]: draw.shuffle(topicNotes.map(({ name }) => name)).join('\n') };
    const finding = isFiles
      ? listFolder(roles, folder)
      : isListed
        ? readFile(roles, list)
        : searchFolder(folder, `${key}: ${topic}`);
    const notesToRead = isFiles ? notes : topicNotes;
    const reading = notesToRead.map(({ name }) => ({
      ...(isFiles ? readFile(roles, `${folder}/${name}`) : readNote(name, folder)),
      after: [0],
    }));
    const pages = topicNotes.map(({ name, text }, index) => ({
      ...writePage(project, name, text),
      after: [1 + index],
    }));
    const deletions = topicNotes.map(({ name }, index) => ({
      ...deleteNote(name, folder),
      after: [1 + notesToRead.length + index],
    }));
    const kind = isFiles ? 'files' : isListed ? 'list' : 'notes';
    return {
      start: {
        ...start,
        vault: isFiles ? { [`${elsewhere}/${draw.name()}.md`]: textWith(topic) } : stock,
        files: { ...start.files, ...(isFiles ? stock : {}), ...(isListed ? listing : {}) },
      },
      steps: [finding, ...reading, ...pages, ...(isDeleted ? deletions : [])],
      clauses: [
        { kind, values: { folder, project, list, mark: `${key}: ${topic}` } },
        ...(isFiles ? [] : [{ kind: isDeleted ? 'delete' : 'keep', values: {} }]),
      ],
      subGoals: 2 + (isDeleted ? 1 : 0),
    };
  },
} satisfies Family;
