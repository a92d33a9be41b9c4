import { readPage } from '../../tasks/page-steps.ts';
import { someProject } from '../../tasks/start-state.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { keyedLines, textOf } from '../keyed-lines.ts';
import { drawValue } from '../values.ts';
import texts from './page-line.json' with { type: 'json' };

/** The value of a line on a page of the memory bank; a page of the same project has the same keys. */
export default {
  name: 'page-line',
  home: 'memory-bank',
  gives: null,
  isComputed: false,
  placeKind: 'page',
  texts,
  lookUp: ({ draw, start }, wanted) => {
    const project = someProject(start);
    const [place, decoy] = [drawValue(draw, 'page'), drawValue(draw, 'page')];
    const { key, lines, decoys } = keyedLines(draw, wanted);
    const pages = { [`${project}/${place}`]: textOf(lines), [`${project}/${decoy}`]: textOf(decoys) };
    return {
      start: { ...start, pages: { ...start.pages, ...pages } },
      steps: [readPage(project, place)],
      values: { project, key, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
