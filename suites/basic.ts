import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** One to four sub-goals over files, a graph, a memory bank, sums and a board, on nine published servers. Frozen. */
export default suiteOf({
  name: 'basic',
  summary: 'six families of 1 to 4 sub-goals over nine published servers',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'],
  families: await familiesNamed(
    'board-tasks',
    'case-file',
    'compute-save',
    'file-notes',
    'graph-facts',
    'lookup-record',
  ),
  servers: ['filesystem', 'memory', 'memory-bank', 'git', 'calc', 'time', 'dex-tasks', 'obsidian', 'everything'],
}) satisfies Suite;
