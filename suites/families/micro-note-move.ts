import type { Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startWithNotes } from '../tasks/start-notes.ts';
import { trainedRoles } from '../tasks/step.ts';
import { moveNote, VAULT } from '../tasks/vault-steps.ts';
import texts from './micro-note-move.json' with { type: 'json' };

/** One note of a vault gets another name in its folder, in many words. */
export default {
  name: 'micro-note-move',
  wording: mixedPhrasings(texts),
  hasStandIns: false,
  shapes: 1,
  draft: (draw) => {
    const { start, folder, note } = startWithNotes(draw, trainedRoles);
    const [source, destination] = [`${folder}/${note}`, `${folder}/${draw.name()}.md`];
    return {
      start,
      steps: [moveNote(source, destination)],
      clauses: [{ kind: 'move', values: { source, destination, vault: VAULT } }],
      subGoals: 1,
    };
  },
} satisfies Family;
