import { tooDeep, type JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { StartFailure } from './start-failure.ts';

export interface QuarantinedTool {
  readonly name: string;
  readonly reason: string;
}

export interface ToolList {
  readonly tools: readonly Tool[];
  /** Listed tools that nobody could call: kept out one by one, so that one bad schema does not cost the server. */
  readonly quarantined: readonly QuarantinedTool[];
}

/**
 * Reads the raw result of `tools/list`.
 * @throws StartFailure when the list is no list, is empty, or is shorter than the pinned version's.
 */
export function readToolList(server: string, result: unknown, expected: number, cure = CURE): ToolList {
  const entries = (result as { tools?: unknown } | null | undefined)?.tools;
  if (!Array.isArray(entries))
    throw new StartFailure(`Server ${server} answered tools/list with no list of tools.`, cure);
  if (entries.length < expected) {
    const answer = entries.length === 0 ? 'an empty tool list' : `a shrunken tool list (${entries.length} tools)`;
    throw new StartFailure(`Server ${server} answered with ${answer}; its pinned version has ${expected}.`, cure);
  }
  const tools: Tool[] = [];
  const quarantined: QuarantinedTool[] = [];
  for (const entry of entries as readonly unknown[]) {
    const { name, description, inputSchema } = (entry ?? {}) as Record<string, unknown>;
    const reason = faultOf(name, inputSchema, tools);
    if (reason !== undefined) quarantined.push({ name: typeof name === 'string' ? name : '(no name)', reason });
    else {
      const text = typeof description === 'string' ? description : '';
      tools.push({ server, name: name as string, description: text, inputSchema: inputSchema as JsonObject });
    }
  }
  return { tools, quarantined };
}

const CURE = 'Run "npm ci" to restore the pinned packages.';

function faultOf(name: unknown, schema: unknown, earlier: readonly Tool[]): string | undefined {
  if (typeof name !== 'string' || !/^[\w.-]{1,128}$/.test(name)) return 'its name is not a tool name';
  if (earlier.some((tool) => tool.name === name)) return 'its name is listed twice';
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 'its inputSchema is no object';
  const deep = tooDeep(schema);
  if (deep !== null) return `its inputSchema ${deep}`;
  if ((schema as { type?: unknown }).type !== 'object') return 'its inputSchema has no "type": "object"';
  return undefined;
}
