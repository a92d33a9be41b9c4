import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/families.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** Every skill that the other suites single out, and every way of holding something out. */
export default suiteOf({
  name: 'broad',
  summary: 'all training families over twelve published servers, and every way of holding something out',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'],
  families: familiesNamed(
    'board-tasks',
    'case-file',
    'compute-save',
    'file-notes',
    'graph-facts',
    'lookup-record',
    'migrate-notes',
    'migrate-graph',
    'guarded-write',
    'guarded-delete',
    'repair-graph',
  ),
  heldOutFamilies: familiesNamed(),
  servers: ['filesystem', 'memory', 'memory-bank', 'git', 'calc', 'time', 'dex-tasks', 'obsidian', 'everything'],
}) satisfies Suite;
