import { graphFacts } from '../state/graph/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export const GRAPH_FILE = 'memory.jsonl';

export default {
  ...fileBacked,
  name: 'memory',
  package: '@modelcontextprotocol/server-memory',
  licence: 'MIT',
  summary: 'Keeps a knowledge graph of entities, observations and relations.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({ MEMORY_FILE_PATH: `${folder}/${GRAPH_FILE}` }),
  facts: graphFacts(GRAPH_FILE),
  // Its tools take names and texts of entities; the file is the one it was started with.
  proseArguments: 'all',
  expectedTools: 9,
} satisfies ServerDefinition;
