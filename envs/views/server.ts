import type { JsonObject } from '../../core/json.ts';
import { callTool, finish, listServers, loadServer } from '../view-parts/meta-tools.ts';
import { toolIndex } from '../view-parts/tool-index.ts';
import type { ViewContext } from '../view-parts/view-context.ts';
import { load, reply, unknownServer, viewOf } from '../view-parts/view.ts';

/** Server loading: all schemas of a server at a time. */
export default viewOf('server', {
  metaTools: [listServers, loadServer, callTool, finish],
  begin: () => undefined,
  system: (toolspace) =>
    [
      'You carry out tasks with the tools of several servers. A server has to be loaded with load_server before',
      'call_tool can call its tools. When the task is done, call finish. Servers:',
      toolIndex(toolspace).serverLines,
    ].join('\n'),
  acts: { list_servers: listAllServers, load_server: loadWhole },
  advice: (server, tool) => `The schema of ${tool} is not loaded. Call load_server with {"server":"${server}"} first.`,
});

function listAllServers({ index }: ViewContext) {
  return reply(index.serverLines, 'listed', '', []);
}

function loadWhole(context: ViewContext, args: JsonObject) {
  const server = args['server'] as string;
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server);
  context.names.set(server, context.index.names.get(server) ?? []);
  return load(context, server, [...serverTools.values()]);
}
