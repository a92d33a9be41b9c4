import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

/** A bash with its own programs, all of them written in JavaScript, over the server's folder. */
export default {
  ...fileBacked,
  name: 'just-bash',
  package: 'just-bash-mcp',
  licence: 'Apache-2.0',
  onRequest: {
    version: '3.1.0',
    lock: new URL('../server-locks/just-bash.json', import.meta.url),
    megabytes: 118,
  },
  summary: 'Runs bash scripts and the usual text tools over the files of its folder.',
  entry: 'dist/index.js',
  needsWall: 'runs commands',
  arguments: () => [],
  // Its own defence lets only one of its two kinds of shells run in a process.
  environment: ({ folder }) => ({ JUST_BASH_READ_WRITE_ROOT: folder, JUST_BASH_DEFENSE_IN_DEPTH: 'false' }),
  facts: fileFacts,
  // Variables, functions and a sandbox in memory.
  restartAfterCalls: 1,
  // Its paths begin at its folder.
  proseArguments: 'all',
  expectedTools: 21,
} satisfies ServerDefinition;
