import { createFolder } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import texts from './folder.json' with { type: 'json' };

/** Creates a folder that the value names. */
export default {
  name: 'folder',
  home: 'files',
  wants: 'name',
  texts,
  record: ({ roles, start }, value) => ({ start, steps: [createFolder(roles, value)], values: { value } }),
} satisfies Sink;
