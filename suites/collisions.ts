import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

const suite = suiteOf({
  name: 'collisions',
  summary: 'rival file servers and rival graphs offered at once, whose tools share their names or their work',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy'],
  families: await familiesNamed('rival-files', 'rival-graphs'),
  servers: ['filesystem', 'fast-filesystem', 'memory', 'knowledge-graph', 'memory-bank', 'dex-tasks'],
});

/** Two servers for the same work, of which one is right. */
export default { ...suite, namesItsServers: true } satisfies Suite;
