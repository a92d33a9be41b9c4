import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { print, tell } from './shared/printing.ts';

const servers: CommandDefinition = {
  summary: 'list the MCP servers of the catalogue; `servers install NAME` adds a large one',
  define: (command) => {
    addServerFlags(command);
    command.action(async () => {
      const { serverDefinition, serverNames } = await import('../envs/server-list.ts');
      const { additionOf, packageFault } = await import('../envs/processes/packages.ts');
      const { serverText } = await import('../envs/toolspaces.ts');
      const lineOf = (name: string): string =>
        packageFault(serverDefinition(name)) === undefined
          ? serverText(name)
          : `${name.padEnd(18)} not installed; add it with: ${additionOf(name)}`;
      print(serverNames.map(lineOf).join('\n'));
    });
    command
      .command('install')
      .description(
        "add a server that does not come with Toolstone to the user's cache, in the version that suites ask for",
      )
      .argument('<name>', 'name of the server, e.g. excel')
      .action(async (name) => {
        const { serverDefinition } = await import('../envs/server-list.ts');
        const { packageFault, serverPackage } = await import('../envs/processes/packages.ts');
        const { addPinned } = await import('../envs/processes/pinned-packages.ts');
        const definition = serverDefinition(name);
        const { listed, onRequest, package: packageName } = definition;
        if (listed) {
          const { installListed } = await import('./shared/keep-list.ts');
          return installListed(listed.source);
        }
        if (onRequest !== undefined && packageFault(definition) !== undefined) {
          tell(`Adding ${packageName} ${onRequest.version} (${onRequest.megabytes} MB).`);
          addPinned({ name: packageName, ...onRequest });
        }
        const { version, folder } = serverPackage(definition);
        print(`The server ${name} is installed: ${packageName} ${version} in ${folder}.`);
      });
  },
};
export default servers;
