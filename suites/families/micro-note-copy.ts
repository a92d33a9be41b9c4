import type { Family } from '../tasks/family.ts';
import { folderInWords, readNoteIn, writeNote } from '../tasks/note-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startWithNotes } from '../tasks/start-notes.ts';
import texts from './micro-note-copy.json' with { type: 'json' };

/** One note's text, which the prompt does not hold, goes into a second note of its folder too, in many words. */
export default {
  name: 'micro-note-copy',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw, roles) => {
    const { start, folder, note: source, text } = startWithNotes(draw, roles);
    const destination = `${draw.name()}.md`;
    return {
      start,
      steps: [readNoteIn(roles, folder, source), { ...writeNote(roles, folder, destination, text), after: [0] }],
      clauses: [{ kind: 'copy', values: { source, destination, place: folderInWords(roles, folder) } }],
      subGoals: 1,
    };
  },
} satisfies Family;
