import type { JsonObject } from '../../core/json.ts';
import type { Action, Policy } from '../../core/types.ts';

export const call = (args: JsonObject): Action => ({
  name: 'call_tool',
  arguments: { server: 'notes', tool: 'add_note', arguments: args },
});
const finish: Action = { name: 'finish', arguments: {} };
/** Takes the given actions in turn, and finishes after them. */
export const scripted = (...actions: readonly Action[]): Policy => ({
  name: 'scripted',
  start: () => {
    const left = [...actions];
    return { act: () => ({ calls: [{ action: left.shift() ?? finish }] }) };
  },
});
