import { dirname } from 'node:path';
import { SYSTEM_PATH } from '../confinement/levels/programs.ts';
import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

/** The last program of each language lies in its folder. */
export default {
  ...fileBacked,
  name: 'code-runner',
  package: 'mcp-server-code-runner',
  licence: 'MIT',
  onRequest: {
    version: '0.1.8',
    lock: new URL('../server-locks/code-runner.json', import.meta.url),
    megabytes: 27,
  },
  summary: 'Runs a program in any of many languages, those that are installed, and tells what it printed.',
  entry: 'dist/cli.js',
  needsWall: 'runs programs that it is given',
  arguments: () => [],
  // JavaScript runs under the Node that is there for certain.
  environment: ({ folder }) => ({ TMPDIR: folder, PATH: `${dirname(process.execPath)}:${SYSTEM_PATH}` }),
  facts: fileFacts,
  // What a program left running ends with the server.
  restartAfter: ['run-code'],
  proseArguments: 'all',
  expectedTools: 1,
} satisfies ServerDefinition;
