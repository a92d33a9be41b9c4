import type { JsonObject } from '../../core/json.ts';
import type { Action, Tool, Toolspace, World } from '../../core/types.ts';

/** A tool of one text argument. */
export const fakeTool = (server: string, name: string, description = `Does ${name}.`, parameter = 'text'): Tool => ({
  server,
  name,
  description,
  inputSchema: {
    type: 'object',
    properties: { [parameter]: { type: 'string', description: `The ${parameter}.` } },
    required: [parameter],
    additionalProperties: false,
  },
});

/** A world that answers every call with the tool's name, and then with the lists of `changes` in turn. */
export function worldOf(tools: readonly Tool[], changes: readonly (readonly Tool[])[] = []): World {
  const names = [...new Set(tools.map(({ server }) => server))];
  const toolspace: Toolspace = { servers: names.map((name) => ({ name, summary: `Is ${name}.` })), tools };
  const left = [...changes];
  return {
    toolspace,
    root: '/world',
    startHash: '',
    call: async (_, name) => {
      const now = left.shift();
      return { text: `${name} ok`, isError: false, ...(now ? { tools: now } : {}) };
    },
    evidence: async () => ({}),
    inspect: async () => [],
  };
}

export const act = (name: string, args: JsonObject = {}): Action => ({ name, arguments: args });
export const onDemand = { toolNamesUpFront: false };
