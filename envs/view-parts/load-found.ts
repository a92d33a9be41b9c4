import type { Tool, ViewReply } from '../../core/types.ts';
import type { ToolsOfServer } from '../../core/view-types.ts';
import { markLoaded } from './tool-changes.ts';
import { schemaText } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';

/**
 * Puts the tools that a search found into the context; answers with their schemas, the best first, a line each that begins with the
 * server. What the context shows already is only named. `front` stands before them.
 */
export function loadFound(context: ViewContext, found: readonly Tool[], front: string): ViewReply {
  const fresh = found.filter((tool) => !context.isLoaded.has(tool));
  const known = found.filter((tool) => context.isLoaded.has(tool));
  for (const tool of found) show(context, tool);
  const lines = fresh.map((tool) => `{"server":${JSON.stringify(tool.server)},${schemaText(tool).slice(1)}`);
  const names = known.map(({ server, name }) => `${server} ${name}`).join(', ');
  if (known.length > 0) lines.push(`Shown before: ${names}.`);
  const [first = { server: '', tools: [] }, ...others] = byServer(found);
  let end = front.length;
  const parts = lines.map((line, place) => {
    end += line.length + (place < lines.length - 1 ? 1 : 0);
    return { server: (fresh[place] ?? known[0])?.server ?? first.server, end };
  });
  return {
    observation: {
      text: front + lines.join('\n'),
      isError: false,
      source: 'schemas',
      server: first.server,
      cutTokens: 0,
      ...(parts.length > 1 ? { schemaParts: parts } : {}),
    },
    event: { kind: 'loaded', ...first, ...(others.length > 0 ? { others } : {}) },
  };
}

function show(context: ViewContext, tool: Tool): void {
  const { server, name } = tool;
  markLoaded(context, tool);
  // A search shows no summaries.
  if (context.servers.every((card) => card.name !== server)) context.servers.push({ name: server, summary: '' });
  const names = context.names.get(server) ?? [];
  if (!names.includes(name)) context.names.set(server, [...names, name]);
}

const byServer = (tools: readonly Tool[]): ToolsOfServer[] =>
  [...Map.groupBy(tools, ({ server }) => server)].map(([server, ofServer]) => ({
    server,
    tools: ofServer.map(({ name }) => name),
  }));
