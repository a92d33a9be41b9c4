import type { Tool, ViewReply } from '../../core/types.ts';
import type { ToolsOfServer } from '../../core/view-types.ts';
import { markLoaded } from './tool-changes.ts';
import type { ViewContext } from './view-context.ts';

/**
 * Puts the tools that a search found into the context; answers with how it shows them, the best first, and of which server they are.
 * What the context shows already is only named. `front` stands before them.
 */
export function loadFound(context: ViewContext, found: readonly Tool[], front: string): ViewReply {
  const fresh = found.filter((tool) => !context.isLoaded.has(tool));
  const known = found.filter((tool) => context.isLoaded.has(tool));
  for (const tool of found) show(context, tool);
  const shown = [...context.form.ofAny(fresh, context)];
  const names = known.map((tool) => context.form.nameOf(tool, context)).join(', ');
  if (known[0]) shown.push({ server: known[0].server, text: `Shown before: ${names}.` });
  const [first = { server: '', tools: [] }, ...others] = byServer(found);
  let end = front.length;
  const parts = shown.map(({ server, text }, place) => {
    end += text.length + (place < shown.length - 1 ? 1 : 0);
    return { server, end };
  });
  return {
    observation: {
      text: front + shown.map(({ text }) => text).join('\n'),
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
