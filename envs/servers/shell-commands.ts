import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'shell-commands',
  package: 'mcp-server-commands',
  licence: 'MIT',
  onRequest: {
    version: '0.5.0',
    lock: new URL('../server-locks/shell-commands.json', import.meta.url),
    megabytes: 16,
  },
  summary: 'Runs shell commands in its folder.',
  entry: 'build/index.js',
  needsWall: 'runs commands',
  arguments: () => [],
  facts: fileFacts,
  // What a command left running ends with the server.
  restartAfter: ['run_command'],
  proseArguments: ['command', 'stdin'],
  expectedTools: 1,
} satisfies ServerDefinition;
