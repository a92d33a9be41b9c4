import { fileStatement } from '../state/sql/statements.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { DATABASE_FILE } from '../state/sql/database.ts';
import { tableFacts } from '../state/sql/facts.ts';
import { compileTables, statedTableFacts } from '../state/sql/files.ts';

const tools = [
  'open_database',
  'close_database',
  'list_databases',
  'database_info',
  'list_tables',
  'describe_table',
  'create_table',
  'drop_table',
  'vacuum_database',
  'execute_read_query',
  'execute_write_query',
  'execute_schema_query',
  'bulk_insert',
  'import_csv',
  'export_csv',
  'commit_transaction',
  'rollback_transaction',
  'import_schema',
];

/** Its one database is `data.db`, which a fixture gives as JSON. It uses the SQLite that Node brings. */
export default {
  ...fileBacked,
  name: 'sqlite',
  package: 'mcp-sqlite-tools',
  licence: 'MIT',
  summary: 'Queries and changes tables of an SQL database, and exports or imports them as CSV.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({
    SQLITE_DEFAULT_PATH: folder,
    SQLITE_DEFAULT_DATABASE: DATABASE_FILE,
    SQLITE_ALLOW_ABSOLUTE_PATHS: 'false',
    SQLITE_BACKUP_PATH: `${folder}/backups`,
    // The journal goes when a change is done, and the database file alone holds the state.
    SQLITE_JOURNAL_MODE: 'delete',
    TOOLSTONE_SQL: '1',
  }),
  compile: compileTables,
  statedFacts: statedTableFacts,
  facts: tableFacts,
  // An open transaction, and connections to databases that the reset takes away.
  restartAfter: ['begin_transaction', 'create_database', 'backup_database'],
  // It holds its database open, with settings, temporary tables and whatever a query began: rows of an episode would be
  // seen in the next. Closing ends all of that, and makes the database the current one again.
  undoneBy: Object.fromEntries(
    tools.map((tool) => [tool, { tool: 'close_database', arguments: { database_name: DATABASE_FILE } }]),
  ),
  // Its result counts the letters of the folder's real path.
  withheld: ['export_schema'],
  refuses: fileStatement,
  proseArguments: ['query', 'schema', 'params', 'data'],
  expectedTools: 22,
} satisfies ServerDefinition;
