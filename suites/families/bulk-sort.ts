import { drawCount, drawShare, drawTexts, entriesIn, inChains } from '../tasks/bulk.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { readFile, writePage } from '../tasks/step.ts';
import { readNote, VAULT } from '../tasks/vault-steps.ts';
import clauses from './bulk-sort.json' with { type: 'json' };

/**
 * Notes that a file lists become pages, each in the project that the note itself names. Held out as a whole: no other family
 * chooses the place of a thing by what stands in it.
 */
export default {
  name: 'bulk-sort',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles, _, size = 'few'): Draft => {
    const start = startState(draw);
    const projects = [draw.name(), draw.name(), draw.name()];
    const key = draw.word('keyHeads');
    const count = drawCount(draw, size);
    const noteIn = (project: string) => `${draw.sentence()}\n\n${key}: ${project}`;
    const homes = Array.from({ length: count }, () => draw.pick(projects));
    const notes = drawTexts(draw, count, '.md', (index) => noteIn(homes[index] ?? ''));
    const others = drawTexts(draw, drawShare(draw, count), '.md', () => noteIn(draw.pick(projects)));
    const list = `${draw.name()}.txt`;
    return {
      start: {
        ...start,
        vault: entriesIn('', draw.shuffle([...notes, ...others])),
        files: { ...start.files, [list]: notes.map(({ name }) => name).join('\n') },
      },
      steps: inChains(
        [readFile(roles, list)],
        notes.map(({ name, text }, index) => [readNote(name), writePage(homes[index] ?? '', name, text)]),
      ),
      clauses: [
        { kind: 'listed-notes', values: { list, vault: VAULT } },
        { kind: 'sorted', values: { key } },
      ],
      subGoals: 3,
    };
  },
} satisfies Family;
