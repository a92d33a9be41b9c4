import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'filesystem',
  package: '@modelcontextprotocol/server-filesystem',
  summary: 'Reads, writes, moves and searches files and folders.',
  entry: 'dist/index.js',
  arguments: ({ folder }) => [folder],
  facts: fileFacts,
  expectedTools: 14,
} satisfies ServerDefinition;
