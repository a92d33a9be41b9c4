import { boardFacts } from '../state/board/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'dex-tasks',
  package: '@zeeg/dex',
  licence: 'MIT',
  summary: 'Keeps a board of tasks that can be created, described, completed and removed.',
  entry: 'dist/index.js',
  arguments: ({ folder }) => ['mcp', '--storage-path', folder],
  facts: boardFacts,
  // Its tools take names, descriptions and ids of tasks.
  proseArguments: 'all',
  expectedTools: 3,
} satisfies ServerDefinition;
