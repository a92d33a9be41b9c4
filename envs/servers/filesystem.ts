import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'filesystem',
  package: '@modelcontextprotocol/server-filesystem',
  licence: 'MIT',
  summary: 'Reads, writes, moves and searches files and folders.',
  entry: 'dist/index.js',
  arguments: ({ folder }) => [folder],
  facts: fileFacts,
  proseArguments: ['content', 'oldText', 'newText', 'pattern', 'excludePatterns'],
  // It follows links before it looks where a path leads.
  checksItself: ['path', 'paths', 'source', 'destination'],
  expectedTools: 14,
} satisfies ServerDefinition;
