import type { ServerCard, Tool, Toolspace, View } from '../../core/types.ts';

/** Look-ups over a toolspace, made once per toolspace so that neither an episode nor a turn pays for its size. */
export interface ToolIndex {
  readonly cards: readonly ServerCard[];
  readonly tools: ReadonlyMap<string, ReadonlyMap<string, Tool>>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** One line per server: name, colon, summary. */
  readonly serverLines: readonly string[];
  /** The same, each followed by its tool names. */
  readonly namedServerLines: readonly string[];
  /** What users' own servers tell every client at the start, as system prompts show it. */
  readonly instructions: View['schemas'];
}

const indexes = new WeakMap<Toolspace, ToolIndex>();

export function toolIndex(toolspace: Toolspace): ToolIndex {
  const cached = indexes.get(toolspace);
  if (cached) return cached;
  const tools = new Map<string, Map<string, Tool>>(toolspace.servers.map(({ name }) => [name, new Map()]));
  for (const tool of toolspace.tools) tools.get(tool.server)?.set(tool.name, tool);
  const names = new Map([...tools].map(([server, serverTools]) => [server, [...serverTools.keys()]]));
  const lines = toolspace.servers.map(({ name, summary }) => `- ${name}: ${summary}`);
  const namedLines = toolspace.servers.map(({ name }, index) => namedLine(lines[index] ?? '', names.get(name) ?? []));
  const instructions = toolspace.servers.flatMap(({ name, instructions: text }) =>
    text === undefined ? [] : [{ server: name, text: `Instructions of server ${name}: ${text}` }],
  );
  const index = {
    cards: toolspace.servers,
    tools,
    names,
    serverLines: lines,
    namedServerLines: namedLines,
    instructions,
  };
  indexes.set(toolspace, index);
  return index;
}

const namedLine = (line: string, names: readonly string[]): string => `${line} Tools: ${names.join(', ')}`;

const schemaTexts = new WeakMap<Tool, string>();

/** A tool's schema as the context shows it: compact JSON of name, description and inputSchema, and of what else is kept. */
export function schemaText(tool: Tool): string {
  let text = schemaTexts.get(tool);
  if (text === undefined) {
    const { name, title, description, inputSchema, outputSchema, annotations } = tool;
    text = JSON.stringify({ name, title, description, inputSchema, outputSchema, annotations });
    schemaTexts.set(tool, text);
  }
  return text;
}

/** The look-ups of an episode in which the tools of a server have changed. */
export function withTools(index: ToolIndex, server: string, tools: readonly Tool[]): ToolIndex {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const names = [...byName.keys()];
  const { cards, serverLines, namedServerLines } = index;
  return {
    ...index,
    tools: new Map([...index.tools, [server, byName]]),
    names: new Map([...index.names, [server, names]]),
    namedServerLines: namedServerLines.map((line, place) =>
      cards[place]?.name === server ? namedLine(serverLines[place] ?? '', names) : line,
    ),
  };
}
