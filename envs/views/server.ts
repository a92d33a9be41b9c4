import type { JsonObject } from '../../core/json.ts';
import { callTool, finish, loadServer } from '../view-parts/meta-tools.ts';
import { listSettings, serverList } from '../view-parts/server-list.ts';
import type { ViewContext } from '../view-parts/view-context.ts';
import { load, settableView, unknownServer, type ViewDesign } from '../view-parts/view.ts';

/** Server loading: all schemas of a server at a time. */
export default settableView('server', listSettings, (settings): ViewDesign => {
  const { metaTool, prompt, act, ...list } = serverList(settings, { mayName: false });
  return {
    ...list,
    metaTools: [metaTool, loadServer, callTool, finish],
    system: (toolspace, toolNamesUpFront) =>
      [
        'You carry out tasks with the tools of several servers. A server has to be loaded with load_server before',
        'call_tool can call its tools. When the task is done, call finish. Servers:',
        prompt(toolspace, toolNamesUpFront),
      ].join('\n'),
    acts: { list_servers: act, load_server: (context, args) => loadWhole(context, args, list.otherServers) },
    advice: (server, tool) =>
      `The schema of ${tool} is not loaded. Call load_server with {"server":"${server}"} first.`,
  };
});

function loadWhole(context: ViewContext, args: JsonObject, others: ViewDesign['otherServers']) {
  const server = args['server'] as string;
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server, others);
  context.names.set(server, context.index.names.get(server) ?? []);
  return load(context, server, [...serverTools.values()]);
}
