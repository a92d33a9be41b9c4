import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'shrimp-tasks',
  package: 'mcp-shrimp-task-manager',
  licence: 'MIT',
  onRequest: {
    version: '1.0.21',
    lock: new URL('../server-locks/shrimp-tasks.json', import.meta.url),
    megabytes: 31,
  },
  summary: 'Plans a software project: analyses, splits, executes and verifies tasks that depend on each other.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ DATA_DIR: folder, TEMPLATES_USE: 'en', ENABLE_GUI: 'false' }),
  facts: fileFacts,
  // Its tools take ids and texts of tasks; the files that these name are never opened.
  proseArguments: 'all',
  expectedTools: 15,
} satisfies ServerDefinition;
