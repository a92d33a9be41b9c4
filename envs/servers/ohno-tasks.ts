import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { recordFacts } from '../state/sql/records.ts';

export default {
  ...fileBacked,
  name: 'ohno-tasks',
  package: '@stevestomp/ohno-mcp',
  licence: 'MIT',
  onRequest: {
    version: '0.20.0',
    lock: new URL('../server-locks/ohno-tasks.json', import.meta.url),
    megabytes: 57,
  },
  summary: 'Plans work in epics, stories and tasks with dependencies, blockers, handoffs and a kanban board.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ OHNO_DB_PATH: `${folder}/tasks.db` }),
  facts: recordFacts('tasks.db', { tables: /^work_queue$/, columns: /_at$/ }),
  // It holds its database in memory, and reads the file when it starts.
  restartAfterCalls: 1,
  // Its tools take ids and texts of tasks.
  proseArguments: 'all',
  expectedTools: 37,
} satisfies ServerDefinition;
