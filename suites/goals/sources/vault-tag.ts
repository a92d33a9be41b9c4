import type { Source } from '../../tasks/sub-goal.ts';
import { readNote, searchTag, VAULT } from '../../tasks/vault-steps.ts';
import { keyedLines, textOf } from '../keyed-lines.ts';
import { drawValue } from '../values.ts';
import texts from './vault-tag.json' with { type: 'json' };

/** The value of a line in the note that has a tag; another note has the same keys under another tag. */
export default {
  name: 'vault-tag',
  home: 'obsidian',
  gives: null,
  isComputed: false,
  placeKind: 'tag',
  texts,
  lookUp: ({ draw, start }, wanted) => {
    const [place, other] = [drawValue(draw, 'tag'), drawValue(draw, 'tag')];
    const [note, decoy] = [drawValue(draw, 'note'), drawValue(draw, 'note')];
    const { key, lines, decoys } = keyedLines(draw, wanted);
    const notes = { [note]: `${textOf(lines)}\n#${place}\n`, [decoy]: `${textOf(decoys)}\n#${other}\n` };
    return {
      start: { ...start, vault: { ...start.vault, ...notes } },
      steps: [searchTag(place), { ...readNote(note), after: [0] }],
      values: { vault: VAULT, key, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
