import type { Source } from '../../tasks/sub-goal.ts';
import { searchNotes, VAULT } from '../../tasks/vault-steps.ts';
import { drawValue } from '../values.ts';
import texts from './vault-search.json' with { type: 'json' };

/** The file name of the note that holds a sentence. */
export default {
  name: 'vault-search',
  home: 'obsidian',
  gives: ['note'],
  isComputed: false,
  placeKind: 'phrase',
  texts,
  lookUp: ({ draw, start }, wanted) => {
    const place = drawValue(draw, 'phrase');
    const before = start.vault[wanted] ?? `${draw.sentence()}\n`;
    const vault = {
      ...start.vault,
      [wanted]: `${before}\n${place}\n`,
      [drawValue(draw, 'note')]: `${draw.sentence()}\n\n${draw.sentence()}\n`,
    };
    return {
      start: { ...start, vault },
      steps: [searchNotes(place)],
      values: { vault: VAULT, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
