import type { Family } from '../tasks/family.ts';
import { folderInWords, writeNote } from '../tasks/note-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startWithNotes } from '../tasks/start-notes.ts';
import texts from './micro-note.json' with { type: 'json' };

/** One new note in a folder that is there, in many words. */
export default {
  name: 'micro-note',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw, roles) => {
    const { start, folder } = startWithNotes(draw, roles);
    const [note, text] = [`${draw.name()}.md`, draw.sentence()];
    return {
      start,
      steps: [writeNote(roles, folder, note, text)],
      clauses: [{ kind: 'note', values: { note, text, place: folderInWords(roles, folder) } }],
      subGoals: 1,
    };
  },
} satisfies Family;
