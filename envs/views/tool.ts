import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { callTool, finish, listTools, loadTools } from '../view-parts/meta-tools.ts';
import { listSettings, serverList } from '../view-parts/server-list.ts';
import type { ViewContext } from '../view-parts/view-context.ts';
import { load, missing, refuse, reply, settableView, unknownServer, type ViewDesign } from '../view-parts/view.ts';

type OtherServers = ViewDesign['otherServers'];

/** Tool loading: names on demand (or up front), schemas tool by tool. */
export default settableView('tool', listSettings, (settings): ViewDesign => {
  const { metaTool, prompt, act, ...list } = serverList(settings, { mayName: true });
  return {
    ...list,
    metaTools: [metaTool, listTools, loadTools, callTool, finish],
    system: (toolspace, toolNamesUpFront) =>
      [
        'You carry out tasks with the tools of several servers. The schema of a tool has to be loaded with load_tools',
        `before call_tool can call it. When the task is done, call finish. Servers:`,
        prompt(toolspace, toolNamesUpFront),
      ].join('\n'),
    acts: {
      list_servers: act,
      list_tools: (context, args) => listOwnTools(context, args, list.otherServers),
      load_tools: (context, args) => loadChosen(context, args, list.otherServers),
    },
    advice: (server, tool) =>
      `The schema of ${tool} is not loaded. Call load_tools with {"server":"${server}","tools":["${tool}"]} first.`,
  };
});

function listOwnTools(context: ViewContext, args: JsonObject, others: OtherServers) {
  const server = args['server'] as string;
  const toolNames = context.index.names.get(server);
  if (!toolNames) return unknownServer(context, server, others);
  context.names.set(server, toolNames);
  return reply(toolNames.join('\n'), 'listed', server, toolNames);
}

function loadChosen(context: ViewContext, args: JsonObject, others: OtherServers) {
  const server = args['server'] as string;
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server, others);
  const toolNames = [...new Set(args['tools'] as readonly string[])];
  const tools: Tool[] = [];
  for (const name of toolNames) {
    const tool = serverTools.get(name);
    if (!tool) return refuse(`${missing(context, server, name)}; nothing was loaded.`, server, toolNames);
    tools.push(tool);
  }
  return load(context, server, tools);
}
