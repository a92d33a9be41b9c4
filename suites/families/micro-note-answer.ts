import type { Family } from '../tasks/family.ts';
import { folderInWords, readNoteIn } from '../tasks/note-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startWithNotes } from '../tasks/start-notes.ts';
import { testFor } from '../tasks/sub-goal.ts';
import texts from './micro-note-answer.json' with { type: 'json' };

/** One note's text is the answer, asked for in many words. */
export default {
  name: 'micro-note-answer',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw, roles) => {
    const { start, folder, note, text } = startWithNotes(draw, roles);
    return {
      start,
      steps: [readNoteIn(roles, folder, note)],
      clauses: [{ kind: 'answer', values: { note, place: folderInWords(roles, folder) } }],
      subGoals: 1,
      answer: { test: testFor(text), reference: text },
    };
  },
} satisfies Family;
