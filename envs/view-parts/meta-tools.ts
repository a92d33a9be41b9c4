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

/** Tools that one search shows at most. */
export const mostFound = 50;

/** `usual`: tools that a search shows where it does not say how many. */
export const searchTools = (usual: number): MetaTool =>
  metaTool(
    'search_tools',
    'Finds tools by what they do, and shows the schemas of the best. They can be called afterwards.',
    {
      query: text('What the tool should do, in a few words, or its name.'),
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: mostFound,
        description: `Most tools to show; ${usual} where it is left out.`,
      },
    },
    ['query'],
  );

/** The list of servers in pages of `page` servers each. */
export const listServersInPages = (page: number): MetaTool =>
  metaTool(
    'list_servers',
    `Lists servers, one line each, ${page} at a time: a page of all, or those that a query finds.`,
    {
      page: { type: 'integer', minimum: 1, description: 'Number of the page, from 1.' },
      query: text('What the server should be good for, in a few words, or its name.'),
    },
    [],
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
