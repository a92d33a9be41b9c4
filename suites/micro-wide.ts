import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

const files = await familiesNamed('micro-copy', 'micro-create', 'micro-folder', 'micro-rename');
const notes = await familiesNamed('micro-note', 'micro-note-answer', 'micro-note-copy');
const others = await familiesNamed(
  'micro-entity',
  'micro-note-move',
  'micro-observation',
  'micro-relation',
  'micro-task',
  'micro-task-answer',
);

/**
 * Tasks as small as those of `micro` over four servers. Two servers are held out: by `held-out-server` choices are made, such as that of a
 * checkpoint; `sealed-server` is measured once, after all of them. Frozen.
 */
export default suiteOf({
  name: 'micro-wide',
  summary:
    'thirteen one-goal families over four servers, in many words, with two held-out servers: one to choose by, one sealed',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server', 'sealed-server'],
  families: [...files, ...notes, ...others],
  servers: ['filesystem', 'memory', 'dex-tasks', 'obsidian'],
  heldOut: {
    'held-out-server': { standIns: { files: 'fast-filesystem' }, families: files },
    'sealed-server': { standIns: { notes: 'memory-bank' }, families: notes },
  },
}) satisfies Suite;
