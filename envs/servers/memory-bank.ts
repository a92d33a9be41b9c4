import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'memory-bank',
  package: '@allpepper/memory-bank-mcp',
  licence: 'MIT',
  summary: 'Keeps notes in named files, grouped by project.',
  entry: 'dist/main/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ MEMORY_BANK_ROOT: folder }),
  facts: fileFacts,
  proseArguments: ['content'],
  // It takes plain names only.
  checksItself: ['projectName', 'fileName'],
  expectedTools: 5,
} satisfies ServerDefinition;
