import type { Suite } from '../core/types.ts';
import { broadOptions } from './broad.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

/**
 * Work on many things at once, whose intermediate results are large or many. Tasks are about 2 to 10 items; the splits `items-50` and
 * `items-200` hold the same families at 50 and 200 items. Frozen.
 */
export default suiteOf({
  name: 'bulk',
  summary: 'filter, join, aggregate, migrate, reconcile and compute over 2 to 10, 50 or 200 items',
  splits: [
    'train',
    'validation',
    'test',
    'wording',
    'fuzzy',
    'held-out-server',
    'held-out-family',
    'held-out-composition',
    'items-50',
    'items-200',
  ],
  families: await familiesNamed(
    'bulk-aggregate',
    'bulk-compute',
    'bulk-filter',
    'bulk-join',
    'bulk-migrate',
    'bulk-reconcile',
  ),
  heldOutFamilies: await familiesNamed('bulk-sort'),
  servers: broadOptions.servers,
}) satisfies Suite;
