import { UsageError } from '../core/errors.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { print } from './shared/printing.ts';

const servers: CommandDefinition = {
  summary: 'list the MCP servers of the catalogue; install, check or remove those that do not come with Toolstone',
  define: (command) => {
    addServerFlags(command);
    command.action(listServers);
    command.command('list').description('list the servers, as `servers` alone does').action(listServers);
    command
      .command('install')
      .description("add servers that do not come with Toolstone to the user's cache, in their pinned versions")
      .argument('[names...]', 'names of servers, e.g. excel')
      .option('--all', 'all of them')
      .action(async (names, { all }) => {
        const { installServers } = await import('./shared/added-servers.ts');
        const { installableNames } = await import('../envs/server-list.ts');
        if (names.length === 0 && !all)
          throw new UsageError(`Name a server, or give --all. Servers: ${installableNames.join(', ')}.`);
        await installServers(all ? installableNames : names);
      });
    command
      .command('remove')
      .description("remove such servers from the user's cache")
      .argument('<names...>', 'names of servers')
      .action(async (names) => {
        const { removeServers } = await import('./shared/added-servers.ts');
        removeServers(names);
      });
    command
      .command('check')
      .description(
        'start servers and compare their lists of tools with the expected ones; the exit code is 1 if one does not work',
      )
      .argument('[names...]', 'names of servers; by default all that are installed, be it in part')
      .action(async (names) => {
        const { checkServers, checksText, installedServers } = await import('./shared/server-checks.ts');
        const checks = checkServers(names.length > 0 ? names : installedServers());
        print(checksText(checks));
        if (checks.some(({ fault }) => fault !== undefined)) process.exitCode = exitCodes.regressed;
      });
  },
};
export default servers;

async function listServers(): Promise<void> {
  const { offeringFault } = await import('../envs/offering.ts');
  const { additionOf, packageState } = await import('../envs/processes/packages.ts');
  const { serverDefinition, serverNames } = await import('../envs/server-list.ts');
  const { SERVER_WIDTH, serverText } = await import('../envs/toolspaces.ts');
  const lineOf = (name: string): string => {
    const fault = offeringFault(name);
    if (fault === undefined) return serverText(name);
    const isAbsent = packageState(serverDefinition(name)) === 'absent';
    return `${name.padEnd(SERVER_WIDTH)} ${isAbsent ? `not installed; add it with: ${additionOf(name)}` : fault}`;
  };
  print(serverNames.map(lineOf).join('\n'));
}
