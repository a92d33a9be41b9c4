import type { Action, PlannedCall, Policy } from '../core/types.ts';

/** Carries out the reference plan: loads what the view asks for just before it is needed, calls, finishes. */
export default function oracle(planOf: (taskId: string) => readonly PlannedCall[]): Policy {
  return {
    name: 'oracle',
    start: ({ taskId, view, visible }) => {
      const plan = planOf(taskId);
      let next = 0;
      return {
        act: () => {
          const call = plan[next];
          if (!call) return { action: { name: 'finish', arguments: {} } };
          const { server, tool } = call;
          const isLoaded = visible.loaded.some((one) => one.server === server && one.name === tool);
          if (!isLoaded && view !== 'eager') return { action: load(view, server, tool) };
          next++;
          return { action: { name: 'call_tool', arguments: { server, tool, arguments: call.arguments } } };
        },
      };
    },
  };
}

const load = (view: 'server' | 'tool', server: string, tool: string): Action =>
  view === 'server'
    ? { name: 'load_server', arguments: { server } }
    : { name: 'load_tools', arguments: { server, tools: [tool] } };
