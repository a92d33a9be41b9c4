import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'mcpz-pdf',
  package: '@mcp-z/mcp-pdf',
  licence: 'MIT',
  onRequest: {
    version: '3.2.2',
    lock: new URL('../server-locks/mcpz-pdf.json', import.meta.url),
    megabytes: 179,
  },
  summary: 'Sets documents, layouts and resumes as PDF, and draws their pages as images.',
  entry: 'bin/server.js',
  arguments: () => [],
  environment: ({ folder }) => ({ RESOURCE_STORE_URI: `file://${folder}` }),
  facts: fileFacts,
  proseArguments: ['text', 'title', 'author', 'name', 'label', 'summary', 'description', 'highlights'],
  expectedTools: 5,
} satisfies ServerDefinition;
