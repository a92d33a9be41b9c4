import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** Whether everything works at all, in seconds. */
export default suiteOf({
  name: 'smoke',
  summary: 'three families of one to four calls over four light servers, to see in seconds that everything works',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'],
  families: await familiesNamed('case-file', 'compute-save', 'lookup-record'),
  servers: ['filesystem', 'memory', 'memory-bank', 'calc'],
}) satisfies Suite;
