import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { callTool, finish, listServers, listTools, loadTools } from '../view-parts/meta-tools.ts';
import { toolIndex } from '../view-parts/tool-index.ts';
import type { ViewContext } from '../view-parts/view-context.ts';
import { load, missing, refuse, reply, unknownServer, viewOf } from '../view-parts/view.ts';

/** Tool loading: names on demand (or up front), schemas tool by tool. */
export default viewOf('tool', {
  metaTools: [listServers, listTools, loadTools, callTool, finish],
  begin: ({ names, index }, toolNamesUpFront) => {
    if (toolNamesUpFront) for (const [server, toolNames] of index.names) names.set(server, toolNames);
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
  const toolNames = context.index.names.get(server);
  if (!toolNames) return unknownServer(context, server);
  context.names.set(server, toolNames);
  return reply(toolNames.join('\n'), 'listed', server, toolNames);
}

function loadChosen(context: ViewContext, args: JsonObject) {
  const server = args['server'] as string;
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server);
  const toolNames = [...new Set(args['tools'] as readonly string[])];
  const tools: Tool[] = [];
  for (const name of toolNames) {
    const tool = serverTools.get(name);
    if (!tool) return refuse(`${missing(context, server, name)}; nothing was loaded.`, server, toolNames);
    tools.push(tool);
  }
  return load(context, server, tools);
}
