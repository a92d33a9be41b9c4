import type { JsonObject } from '../../core/json.ts';
import type { MetaTool } from '../../core/types.ts';

const text = (description: string) => ({ type: 'string', description });

function metaTool(name: string, description: string, properties: JsonObject, required: readonly string[]): MetaTool {
  return { name, description, inputSchema: { type: 'object', properties, required, additionalProperties: false } };
}

/** The constant meta-tools of which every view offers a selection. */
export const listServers = metaTool('list_servers', 'Lists the servers, one line each.', {}, []);

export const loadServer = metaTool(
  'load_server',
  'Shows the schemas of all tools of a server. Its tools can be called afterwards.',
  { server: text('Name of the server.') },
  ['server'],
);

export const listTools = metaTool(
  'list_tools',
  'Lists the names of the tools of a server.',
  { server: text('Name of the server.') },
  ['server'],
);

export const loadTools = metaTool(
  'load_tools',
  'Shows the schemas of chosen tools of a server. They can be called afterwards.',
  {
    server: text('Name of the server.'),
    tools: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Names of the tools.' },
  },
  ['server', 'tools'],
);

export const callTool = metaTool(
  'call_tool',
  'Calls a tool of a server.',
  {
    server: text('Name of the server.'),
    tool: text('Name of the tool.'),
    arguments: { type: 'object', description: "Arguments by the tool's schema." },
  },
  ['server', 'tool', 'arguments'],
);

export const finish = metaTool(
  'finish',
  'Ends the task. Call it when everything that was asked is done.',
  { answer: text('A short answer to the user, where one was asked for.') },
  [],
);
