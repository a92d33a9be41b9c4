import type { Draw } from '../tasks/draw.ts';
import type { Family, PlannedStep } from '../tasks/family.ts';
import { goalWording } from '../goals/wording.ts';
import { startState } from '../tasks/start-state.ts';
import type { State } from '../tasks/state.ts';
import { compose, type Part } from '../tasks/sub-goal.ts';
import { appendToNote, createNote, moveNote, replaceNote, searchNotes, tagNote, VAULT } from '../tasks/vault-steps.ts';
import texts from './vault-notes.json' with { type: 'json' };

type Kind = keyof typeof texts;

/** In an order of doing: a note that is created or changed first is what is changed or moved then. */
const shapes: readonly (readonly Kind[])[] = [
  ['create'],
  ['move'],
  ['create-in'],
  ['tag'],
  ['append'],
  ['move-by-text'],
  ['create', 'tag'],
  ['append', 'move'],
  ['replace'],
  ['create', 'move'],
  ['tag', 'move'],
  ['create-in', 'move-by-text'],
  ['create', 'append', 'move'],
  ['replace', 'tag', 'move'],
  ['create-in', 'tag', 'move-by-text'],
];

/** One to three changes of a vault: notes created, appended to, replaced, tagged and moved, links and all. */
export default {
  name: 'vault-notes',
  wording: goalWording({ own: texts }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7, 11, 13],
  draft: (draw, _, shape) => {
    const kinds = shapes[shape] ?? [];
    const vault = startVault(draw);
    // What is created is worked on further; otherwise it is the note that others link to.
    const note = kinds[0] === 'create' ? `${draw.name()}.md` : vault.oldNote;
    const parts = kinds.map((kind, index): Part => {
      const { steps, values } = make[kind](draw, note, vault);
      const isOnSameNote = index > 0 && kind !== 'move-by-text' && kinds[0] !== 'create-in';
      return { steps, clause: { kind, values: { vault: VAULT, ...values } }, needs: isOnSameNote ? [index - 1] : [] };
    });
    return compose({ ...startState(draw), vault: vault.notes }, parts);
  },
} satisfies Family;

interface Vault {
  readonly notes: State['vault'];
  /** A note to which another one links. */
  readonly oldNote: string;
  /** A note, and a sentence that it alone has. */
  readonly sought: string;
  readonly words: string;
  readonly folder: string;
}

function startVault(draw: Draw): Vault {
  const [oldNote, sought] = [`${draw.name()}.md`, `${draw.name()}.md`];
  const [words, folder] = [draw.sentence(), draw.name()];
  const notes = {
    [oldNote]: `${draw.sentence()}\n`,
    [sought]: `${draw.sentence()}\n\n${words}\n`,
    [`${draw.name()}.md`]: `${draw.sentence()}, see [[${oldNote.replace('.md', '')}]]\n`,
    [`${folder}/${draw.name()}.md`]: `${draw.sentence()}\n`,
  };
  return { notes, oldNote: oldNote, sought, words, folder };
}

interface Made {
  readonly steps: readonly PlannedStep[];
  readonly values: Readonly<Record<string, string>>;
}

const make: Readonly<Record<Kind, (draw: Draw, note: string, vault: Vault) => Made>> = {
  create: (draw, note) => {
    const text = draw.sentence();
    return { steps: [createNote(note, text)], values: { note, text } };
  },
  'create-in': (draw, _, { folder }) => {
    const [note, text] = [`${draw.name()}.md`, draw.sentence()];
    return { steps: [createNote(note, text, folder)], values: { note, text, folder } };
  },
  move: (draw, source, { folder }) => {
    const destination = `${draw.pick([folder, draw.name()])}/${draw.name()}.md`;
    return { steps: [moveNote(source, destination)], values: { source, destination } };
  },
  append: (draw, note) => {
    const text = draw.sentence();
    return { steps: [appendToNote(note, text)], values: { note, text } };
  },
  replace: (draw, note) => {
    const text = draw.sentence();
    return { steps: [replaceNote(note, text)], values: { note, text } };
  },
  tag: (draw, note) => {
    const tag = draw.name().replace('-', '/');
    return { steps: [tagNote(note, tag)], values: { note, tag } };
  },
  'move-by-text': (_, __, { sought, words, folder }) => ({
    steps: [searchNotes(words), { ...moveNote(sought, `${folder}/${sought}`), after: [0] }],
    values: { words, folder },
  }),
};
