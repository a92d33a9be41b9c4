import type { Source } from '../../tasks/sub-goal.ts';
import { readNote, VAULT } from '../../tasks/vault-steps.ts';
import { keyedLines, textOf, type KeyedLines } from '../keyed-lines.ts';
import { drawValue } from '../values.ts';
import texts from './vault-note.json' with { type: 'json' };

/** The value of a property, or of a line, of a note; another note has the same keys. */
export default {
  name: 'vault-note',
  home: 'obsidian',
  gives: null,
  isComputed: false,
  placeKind: 'note',
  texts,
  lookUp: ({ draw, start }, wanted) => {
    const [place, decoy] = [drawValue(draw, 'note'), drawValue(draw, 'note')];
    const { key, lines, decoys } = keyedLines(draw, wanted);
    const write = draw.pick([withProperties, withLines]);
    const notes = { [place]: write(lines, draw.sentence()), [decoy]: write(decoys, draw.sentence()) };
    return {
      start: { ...start, vault: { ...start.vault, ...notes } },
      steps: [readNote(place)],
      values: { vault: VAULT, key, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;

type Write = (lines: KeyedLines['lines'], sentence: string) => string;
const withProperties: Write = (lines, sentence) => `---\n${textOf(lines)}---\n\n${sentence}\n`;
const withLines: Write = (lines, sentence) => `${sentence}\n\n${textOf(lines)}`;
