import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { recordFacts } from '../state/sql/records.ts';

/** Bun's name for this processor. */
const PROCESSORS: Readonly<Partial<Record<string, string>>> = { arm64: 'aarch64' };

export default {
  ...fileBacked,
  name: 'task-orchestrator',
  package: '@allpepper/task-orchestrator',
  licence: 'MIT',
  onRequest: {
    version: '3.3.3',
    lock: new URL('../server-locks/task-orchestrator.json', import.meta.url),
    megabytes: 156,
  },
  summary: 'Plans work in projects, features and tasks with sections, templates, dependencies and a knowledge graph.',
  entry: 'src/server.ts',
  // It is written for Bun, which comes with it.
  runtime: (modules, preload) => [
    `${modules}/@oven/bun-${process.platform}-${PROCESSORS[process.arch] ?? process.arch}/bin/bun`,
    '--preload',
    preload,
  ],
  // No second door for clients over HTTP.
  arguments: () => ['--stdio'],
  environment: ({ folder }) => ({ TASK_ORCHESTRATOR_HOME: folder }),
  facts: recordFacts('tasks.db', {
    tables: /^_/,
    columns: /_at$|^search_vector$/,
    files: /^(config\.yaml|runtime\/.*)$/,
  }),
  // It holds its database open.
  restartAfterCalls: 1,
  // Its tools take ids and texts of tasks.
  proseArguments: 'all',
  expectedTools: 26,
} satisfies ServerDefinition;
