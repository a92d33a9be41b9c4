import type { Sink } from '../../tasks/sub-goal.ts';
import { createNote, VAULT } from '../../tasks/vault-steps.ts';
import { drawValue } from '../values.ts';
import texts from './note.json' with { type: 'json' };

/** Creates a note that holds the value. */
export default {
  name: 'note',
  home: 'obsidian',
  wants: 'text',
  texts,
  record: ({ draw, start }, value) => {
    const note = drawValue(draw, 'note');
    const vault = { ...start.vault, [drawValue(draw, 'note')]: `${draw.sentence()}\n` };
    return { start: { ...start, vault }, steps: [createNote(note, value)], values: { note, value, vault: VAULT } };
  },
} satisfies Sink;
