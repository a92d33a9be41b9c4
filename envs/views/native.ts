import { callTool, finish } from '../view-parts/meta-tools.ts';
import { toolFunctions } from '../view-parts/tool-functions.ts';
import { markLoaded } from '../view-parts/tool-changes.ts';
import { viewOf } from '../view-parts/view.ts';

/** Every tool as a function of its own, as most clients send them: the list of functions stays as it was at the start. */
export default viewOf('native', {
  metaTools: [callTool, finish],
  functions: toolFunctions,
  begin: (context) => {
    for (const [server, toolNames] of context.index.names) context.names.set(server, toolNames);
    for (const tool of context.world.toolspace.tools) markLoaded(context, tool);
  },
  system: () =>
    'You carry out tasks with the tools of several servers, each of which is a function. When the task is done, call finish.',
  acts: {},
  fresh: 'too late',
  advice: (server, tool) =>
    `The tool ${tool} of server ${server} cannot be called: it came after the start, and the functions stay as they were then.`,
});
