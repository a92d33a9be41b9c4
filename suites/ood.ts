import type { Suite } from '../core/types.ts';
import { broadOptions } from './broad.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** What training on `broad` never showed: for policies that were trained there, or anywhere. */
export default suiteOf({
  ...broadOptions,
  name: 'ood',
  summary: 'the families and servers of broad in words, compositions, families and servers that are never trained on',
  splits: ['wording', 'fuzzy', 'held-out-server', 'held-out-family', 'held-out-composition'],
}) satisfies Suite;
