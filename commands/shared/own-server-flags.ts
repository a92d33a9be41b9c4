import { resolve } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';

export interface OwnServerFlags {
  readonly servers?: string;
  readonly real?: boolean;
}

/** Flag and its help, for every command that plays on servers of a user's own. */
export const realFlag = [
  '--real',
  'let your own servers use your real files instead of copies, and allow remote servers that can write; nothing is ' +
    'restored afterwards',
] as const;

/** Adds what is said of a user's own servers to a command that takes own tasks; it holds from before its action. */
export function addOwnServerFlags(command: CommandUnknownOpts, { hasReal = true } = {}): void {
  command.option(
    '--servers <file>',
    'configuration file of your MCP client, whose servers the tasks may name: mcp.json, settings.json and the like ' +
      '(docs/own-servers.md)',
  );
  if (hasReal) command.option(...realFlag);
  command.hook('preAction', async (_, acting) => {
    const { servers: file, real = false } = acting.opts() as OwnServerFlags;
    const { chooseOwnServers } = await import('../../envs/client-files/choice.ts');
    chooseOwnServers({ ...(file === undefined ? {} : { file: resolve(file) }), isReal: real, programs: {} });
    if (file === undefined) return;
    const { chosenServersFile, disabledIn } = await import('../../envs/client-files/servers-file.ts');
    const { tell } = await import('./printing.ts');
    const found = chosenServersFile();
    if (found) disabledIn(found).forEach(tell);
  });
}
