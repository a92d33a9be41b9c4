import { readFile } from '../../tasks/step.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { keyedLines, textOf } from '../keyed-lines.ts';
import { drawValue } from '../values.ts';
import texts from './file-line.json' with { type: 'json' };

/** The value of one `key: value` line of a file; a file beside it has the same keys. */
export default {
  name: 'file-line',
  home: 'files',
  gives: null,
  isComputed: false,
  placeKind: 'path',
  texts,
  lookUp: ({ draw, roles, start }, wanted) => {
    const place = drawValue(draw, 'path');
    const decoy = `${place.split('/')[0]}/${draw.name()}.txt`;
    const { key, lines, decoys } = keyedLines(draw, wanted);
    return {
      start: { ...start, files: { ...start.files, [place]: textOf(lines), [decoy]: textOf(decoys) } },
      steps: [readFile(roles, place)],
      values: { key, place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
