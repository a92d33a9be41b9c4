import type { Tool, Toolspace } from '../../core/types.ts';

/** Look-ups over a toolspace, made once per toolspace so that neither an episode nor a turn pays for its size. */
export interface ToolIndex {
  readonly tools: ReadonlyMap<string, ReadonlyMap<string, Tool>>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** One line per server: name, colon, summary. */
  readonly serverLines: string;
  /** The same, each followed by its tool names. */
  readonly namedServerLines: string;
}

const indexes = new WeakMap<Toolspace, ToolIndex>();

export function toolIndex(toolspace: Toolspace): ToolIndex {
  const cached = indexes.get(toolspace);
  if (cached) return cached;
  const tools = new Map<string, Map<string, Tool>>(toolspace.servers.map(({ name }) => [name, new Map()]));
  for (const tool of toolspace.tools) tools.get(tool.server)?.set(tool.name, tool);
  const names = new Map([...tools].map(([server, serverTools]) => [server, [...serverTools.keys()]]));
  const lines = toolspace.servers.map(({ name, summary }) => `- ${name}: ${summary}`);
  const namedLines = toolspace.servers.map(
    ({ name }, index) => `${lines[index]} Tools: ${names.get(name)?.join(', ')}`,
  );
  const index = { tools, names, serverLines: lines.join('\n'), namedServerLines: namedLines.join('\n') };
  indexes.set(toolspace, index);
  return index;
}

const schemaTexts = new WeakMap<Tool, string>();

/** A tool's schema as the context shows it: compact JSON of name, description and inputSchema. */
export function schemaText(tool: Tool): string {
  let text = schemaTexts.get(tool);
  if (text === undefined) {
    const { name, description, inputSchema } = tool;
    text = JSON.stringify({ name, description, inputSchema });
    schemaTexts.set(tool, text);
  }
  return text;
}
