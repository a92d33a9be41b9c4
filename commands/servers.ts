import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { print } from './shared/printing.ts';

const servers: CommandDefinition = {
  summary: 'list the MCP servers of the catalogue, with versions, tools and schema hashes',
  define: (command) => {
    addServerFlags(command);
    command.action(async () => {
      const { serverNames } = await import('../envs/server-list.ts');
      const { serverText } = await import('../envs/toolspaces.ts');
      print(serverNames.map(serverText).join('\n'));
    });
  },
};
export default servers;
