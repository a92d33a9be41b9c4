import { moveFile } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './move-file.json' with { type: 'json' };

/** Moves a file to the path that the value is; its folder exists. */
export default {
  name: 'move-file',
  home: 'files',
  wants: 'path',
  texts,
  record: ({ draw, roles, start }, value) => {
    const source = drawValue(draw, 'path');
    const folder = value.slice(0, value.indexOf('/') + 1);
    const files = { ...start.files, [source]: draw.sentence(), [`${folder}${draw.name()}.txt`]: draw.sentence() };
    return { start: { ...start, files }, steps: [moveFile(roles, source, value)], values: { source, value } };
  },
} satisfies Sink;
