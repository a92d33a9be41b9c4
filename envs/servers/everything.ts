import { type ServerDefinition, stateless } from '../server-definition.ts';

/** What it compresses may be named by an address, of the web or `data:`, and it reaches no host of the web. */
export default {
  ...stateless,
  name: 'everything',
  package: '@modelcontextprotocol/server-everything',
  licence: 'MIT',
  summary: 'Small demonstrations: echo, sums, sample resources and structured answers.',
  entry: 'dist/index.js',
  environment: () => ({ GZIP_ALLOWED_DOMAINS: 'nowhere.invalid' }),
  restartAfter: [
    'toggle-simulated-logging',
    'toggle-subscriber-updates',
    'gzip-file-as-resource',
    'simulate-research-query',
  ],
  withheld: ['trigger-long-running-operation'],
  expectedTools: 13,
} satisfies ServerDefinition;
