import type { Suite } from '../core/types.ts';
import caseFile from './families/case-file.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** Four calls over two servers that keep nothing between episodes: what `perf` trains on. */
export default suiteOf({
  name: 'files-and-graph',
  summary: 'one family of four calls over the two fastest servers, for measuring speed',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy'],
  families: [caseFile],
  servers: ['filesystem', 'memory'],
}) satisfies Suite;
