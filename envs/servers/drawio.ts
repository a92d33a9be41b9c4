import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'drawio',
  package: 'drawio-mcp',
  licence: 'ISC',
  onRequest: {
    version: '1.6.0',
    lock: new URL('../server-locks/drawio.json', import.meta.url),
    megabytes: 35,
  },
  summary: 'Draws diagrams: nodes and links in draw.io files, laid out by itself.',
  entry: 'dist/index.js',
  // It gives itself a browser's `navigator`, which Node 24 would not let it replace.
  runtime: () => [process.execPath, '--no-experimental-global-navigator'],
  arguments: () => [],
  facts: fileFacts,
  proseArguments: ['id', 'ids', 'title', 'kind', 'from', 'to', 'style'],
  expectedTools: 6,
} satisfies ServerDefinition;
