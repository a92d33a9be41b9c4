import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** The smallest tasks there are, with short prompts, for training a small language model within minutes. */
export default suiteOf({
  name: 'micro',
  summary: 'four one-goal families over a file server, in many words, for training small language models',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'],
  families: await familiesNamed('micro-copy', 'micro-create', 'micro-folder', 'micro-rename'),
  servers: ['filesystem', 'memory'],
}) satisfies Suite;
