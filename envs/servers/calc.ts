import { type ServerDefinition, stateless } from '../server-definition.ts';

export default {
  ...stateless,
  name: 'calc',
  package: '@coo-quack/calc-mcp',
  licence: 'MIT',
  summary: 'Calculates, converts units and encodings, counts characters, and the like.',
  entry: 'dist/index.js',
  expectedTools: 21,
} satisfies ServerDefinition;
