import { graphFacts } from '../state/graph/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export const GRAPH_FILE = 'kg.jsonl';

export default {
  ...fileBacked,
  name: 'knowledge-graph',
  package: '@itseasy21/mcp-knowledge-graph',
  licence: 'MIT',
  summary: 'Keeps a graph of named entities, their observations and their relations.',
  entry: 'dist/index.js',
  arguments: ({ folder }) => ['--memory-path', `${folder}/${GRAPH_FILE}`],
  facts: graphFacts(GRAPH_FILE),
  // Its tools take names and texts of entities; the file is the one it was started with.
  proseArguments: 'all',
  expectedTools: 11,
} satisfies ServerDefinition;
