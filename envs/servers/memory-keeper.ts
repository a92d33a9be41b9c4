import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { recordFacts } from '../state/sql/records.ts';

export default {
  ...fileBacked,
  name: 'memory-keeper',
  package: 'mcp-memory-keeper',
  licence: 'MIT',
  onRequest: {
    version: '0.14.1',
    lock: new URL('../server-locks/memory-keeper.json', import.meta.url),
    megabytes: 63,
    builds: ['better-sqlite3'],
  },
  summary: 'Keeps what was learnt in sessions and channels: saved items, checkpoints, a timeline and searches.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ DATA_DIR: folder, TOOLSTONE_SQL: '1' }),
  facts: recordFacts('context.db', {
    tables: /^(feature_flag|migration|retention_|vector_embeddings$|context_changes$)/,
    columns: /_at$|^timestamp$|^sequence_number$/,
    files: /^exports\/$/,
  }),
  // It holds its database open.
  restartAfterCalls: 1,
  // It would run the machine's git.
  withheld: ['context_git_commit'],
  proseArguments: [
    'name',
    'description',
    'key',
    'value',
    'channel',
    'content',
    'currentContent',
    'query',
    'entry',
    'mood',
  ],
  expectedTools: 38,
} satisfies ServerDefinition;
