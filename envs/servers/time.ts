import { type ServerDefinition, stateless } from '../server-definition.ts';

export default {
  ...stateless,
  name: 'time',
  package: 'time-mcp',
  licence: 'MIT',
  summary: 'Tells the time, converts it between time zones, and answers calendar questions.',
  entry: 'dist/index.js',
  expectedTools: 6,
} satisfies ServerDefinition;
