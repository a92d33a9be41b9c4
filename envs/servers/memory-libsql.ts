import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { GRAPH_DATABASE, graphTableFacts, makeGraphTables } from '../state/graph/tables.ts';

export default {
  ...fileBacked,
  name: 'memory-libsql',
  package: 'mcp-memory-libsql',
  licence: 'MIT',
  onRequest: {
    version: '0.0.17',
    lock: new URL('../server-locks/memory-libsql.json', import.meta.url),
    megabytes: 27,
  },
  summary: 'Keeps a knowledge graph in an SQL database, with search by relevance.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ LIBSQL_URL: `file:${folder}/${GRAPH_DATABASE}` }),
  prepare: makeGraphTables,
  facts: graphTableFacts,
  // It holds its database open.
  restartAfterCalls: 1,
  // Its tools take names and texts of entities.
  proseArguments: 'all',
  expectedTools: 6,
} satisfies ServerDefinition;
