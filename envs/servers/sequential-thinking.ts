import { stateless, type ServerDefinition } from '../server-definition.ts';

export default {
  ...stateless,
  name: 'sequential-thinking',
  package: '@modelcontextprotocol/server-sequential-thinking',
  licence: 'MIT',
  onRequest: {
    version: '2026.8.31',
    lock: new URL('../server-locks/sequential-thinking.json', import.meta.url),
    megabytes: 31,
  },
  summary: 'Takes down a chain of thoughts, with revisions and branches.',
  entry: 'dist/index.js',
  environment: () => ({ DISABLE_THOUGHT_LOGGING: 'true' }),
  // It counts the thoughts that it was told.
  restartAfter: ['sequentialthinking'],
  expectedTools: 1,
} satisfies ServerDefinition;
