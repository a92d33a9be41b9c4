import type { Suite } from '../core/types.ts';
import { broadOptions } from './broad.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** Long chains, in which one wrong turn loses all that follows. */
export default suiteOf({
  name: 'long-horizon',
  summary: 'eight to twelve calls over three or four servers, each of which needs the result of the one before',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy'],
  families: await familiesNamed('long-work'),
  servers: broadOptions.servers,
}) satisfies Suite;
