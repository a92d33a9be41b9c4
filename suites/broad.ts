import type { Suite } from '../core/types.ts';
import { familiesNamed } from './tasks/families.ts';
import { suiteOf, type SuiteOptions } from './tasks/suite-of.ts';

/** Families and servers that suite `ood` shares. */
export const broadOptions = {
  families: familiesNamed(
    'board-complete',
    'board-tasks',
    'case-file',
    'chain',
    'collect',
    'compute-save',
    'file-notes',
    'from-board',
    'from-calculation',
    'from-file',
    'from-graph',
    'from-page',
    'from-time',
    'from-vault',
    'git-branch-tag',
    'git-commit',
    'git-history-answer',
    'graph-facts',
    'guarded-delete',
    'guarded-write',
    'long-work',
    'lookup-record',
    'migrate-graph',
    'migrate-notes',
    'must-decline',
    'reconcile-board',
    'repair-file',
    'repair-graph',
    'search-answer',
    'search-collect',
    'sheet-answer',
    'sheet-edit',
    'sheet-total-to-file',
    'sql-answer',
    'sql-insert',
    'sql-to-file',
    'sql-update',
    'vault-notes',
  ),
  heldOutFamilies: familiesNamed(
    'git-release-notes',
    'sheet-to-graph',
    'sql-guarded-update',
    'three-servers',
    'vault-reconcile',
  ),
  servers: [
    ...['filesystem', 'memory', 'memory-bank', 'git', 'calc', 'time', 'dex-tasks', 'obsidian', 'everything'],
    ...['excel', 'ripgrep', 'sqlite'],
  ],
} satisfies Partial<SuiteOptions>;

/** Every skill but the choice between rivals, and every way of holding something out. */
export default suiteOf({
  ...broadOptions,
  name: 'broad',
  summary: 'all training families, of 1 to 12 calls, over twelve published servers; everything that can be held out is',
  splits: [
    ...(['train', 'validation', 'test', 'wording', 'fuzzy'] as const),
    ...(['held-out-server', 'held-out-family', 'held-out-composition'] as const),
  ],
}) satisfies Suite;
