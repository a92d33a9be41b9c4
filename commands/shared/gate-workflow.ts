import { readFileSync } from 'node:fs';
import { shellWord } from './shell-word.ts';
import { fileOfPackage } from './version.ts';

const example = 'own-tasks.yaml';

/**
 * The workflow of docs/examples/ci for a task file and the client's file of its servers, if there is one: paths as seen from the top
 * of the repository.
 */
export function gateWorkflow(taskFile: string, serversFile: string | undefined): string {
  const text = readFileSync(fileOfPackage('docs/examples/ci/toolstone-gate.yml'), 'utf8');
  const command =
    serversFile === undefined ? shellWord(taskFile) : `${shellWord(taskFile)} --servers ${shellWord(serversFile)}`;
  return text
    .split('\n')
    .map((line) => line.replaceAll(example, /^\s*#/.test(line) ? taskFile : command))
    .join('\n');
}
