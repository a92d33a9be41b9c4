import { excerptOf } from '../../core/json.ts';
import type { ToolResult } from '../../core/types.ts';

/** A reply to one of our own requests, as it came: nobody has looked whether it has the shape that MCP asks for. */
export interface RawReply {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Characters of a misshapen reply that its error shows. */
const MOST_SHOWN = 300;

/**
 * What a policy reads of a reply to `tools/call`. A reply of another shape than MCP's is an error of that server: it says so
 * and shows the place, and the server goes on.
 */
export function resultOf(server: string, { result, error }: RawReply): ToolResult {
  if (error !== undefined && error !== null && error !== false)
    return { text: errorText(server, error), isError: true };
  if (!isObject(result)) return misshapen(server, 'a result that is no object', result);
  const { content = [], isError } = result;
  if (!Array.isArray(content)) return misshapen(server, 'content that is no list', content);
  const texts: string[] = [];
  for (const [index, part] of (content as readonly unknown[]).entries()) {
    const place = `content part ${index + 1}`;
    if (!isObject(part)) return misshapen(server, `${place}, which is no object`, part);
    if (typeof part['type'] !== 'string') return misshapen(server, `${place}, which has no type`, part);
    if (part['type'] !== 'text') continue;
    if (typeof part['text'] !== 'string') return misshapen(server, `${place}, whose text is no text`, part['text']);
    texts.push(part['text']);
  }
  return { text: texts.join('\n'), isError: isError === true };
}

function errorText(server: string, error: unknown): string {
  if (typeof error === 'string') return error;
  const message = isObject(error) ? error['message'] : undefined;
  if (typeof message === 'string') return message;
  return misshapen(server, 'an error without a message in words', message ?? error).text;
}

const misshapen = (server: string, what: string, value: unknown): ToolResult => ({
  text: `Server ${server} answered with ${what}: ${excerptOf(value, MOST_SHOWN)}`,
  isError: true,
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
