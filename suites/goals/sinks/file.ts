import { someFolder } from '../../tasks/start-state.ts';
import { writeFile } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import texts from './file.json' with { type: 'json' };

/** Writes the value to a new file in an existing folder. */
export default {
  name: 'file',
  home: 'files',
  wants: 'text',
  texts,
  record: ({ draw, roles, start }, value) => {
    const path = `${someFolder(start, draw)}/${draw.name()}.txt`;
    return { start, steps: [writeFile(roles, path, value)], values: { path, value } };
  },
} satisfies Sink;
