import type { JsonObject, Tool } from '../../core/types.ts';
import { callTool, finish, listServers, listTools, loadTools } from '../view-parts/meta-tools.ts';
import { toolIndex } from '../view-parts/tool-index.ts';
import { load, refuse, reply, unknownServer, type ViewContext, viewOf } from '../view-parts/view.ts';

/** Tool loading: names on demand (or up front), schemas tool by tool. */
export default viewOf({
  name: 'tool',
  metaTools: [listServers, listTools, loadTools, callTool, finish],
  begin: ({ names, index }, toolNamesUpFront) => {
    if (toolNamesUpFront) for (const [server, own] of index.names) names.set(server, own);
  },
  system: (toolspace, toolNamesUpFront) =>
    [
      'You carry out tasks with the tools of several servers. The schema of a tool has to be loaded with load_tools',
      `before call_tool can call it. When the task is done, call finish. Servers:`,
      toolIndex(toolspace)[toolNamesUpFront ? 'namedServerLines' : 'serverLines'],
    ].join('\n'),
  acts: { list_servers: listAllServers, list_tools: listOwnTools, load_tools: loadChosen },
  advice: (server, tool) =>
    `The schema of ${tool} is not loaded. Call load_tools with {"server":"${server}","tools":["${tool}"]} first.`,
});

function listAllServers({ index }: ViewContext) {
  return reply(index.serverLines, 'listed', '', []);
}

function listOwnTools(context: ViewContext, args: JsonObject) {
  const server = args['server'] as string;
  const own = context.index.names.get(server);
  if (!own) return unknownServer(context, server);
  context.names.set(server, own);
  return reply(own.join('\n'), 'listed', server, own);
}

function loadChosen(context: ViewContext, args: JsonObject) {
  const server = args['server'] as string;
  const own = context.index.tools.get(server);
  if (!own) return unknownServer(context, server);
  const chosen = [...new Set(args['tools'] as readonly string[])];
  const tools: Tool[] = [];
  for (const name of chosen) {
    const tool = own.get(name);
    if (!tool) return refuse(`Server ${server} has no tool "${name}"; nothing was loaded.`, server, chosen);
    tools.push(tool);
  }
  return load(context, server, tools);
}
