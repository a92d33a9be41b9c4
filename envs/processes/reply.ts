import { excerptOf, tooDeep } from '../../core/json.ts';
import type { Media } from '../../core/media.ts';
import type { ToolResult } from '../../core/types.ts';
import { isPart, isSaid, type Part, shownPart } from './content.ts';

/** A reply to one of our own requests, as it came: nobody has looked whether it has the shape that MCP asks for. */
export interface RawReply {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Characters of a misshapen reply that its error shows. */
const MOST_SHOWN = 300;

/**
 * What a policy reads of a reply to `tools/call`. A reply of another shape than MCP's is an error of that server: it says so
 * and shows the place, and the server goes on. `isWhole`: everything that came is told; else the text alone, which is all
 * that results of the catalogue's servers have ever shown.
 */
export function resultOf(server: string, { result, error }: RawReply, isWhole = false): ToolResult {
  // What is shown whole is written as JSON.
  const deep = isWhole ? tooDeep({ result, error }) : null;
  if (deep !== null) return misshapen(server, `a reply that ${deep}`, result ?? error);
  if (error !== undefined && error !== null && error !== false)
    return { text: errorText(server, error, isWhole), isError: true };
  if (typeof result === 'string') return { text: wellFormed(result), isError: false };
  if (!isPart(result)) return misshapen(server, 'a result that is no object', result);
  const { content, isError, resultType = 'complete' } = result;
  if (resultType !== 'complete') return misshapen(server, `a result of type ${JSON.stringify(resultType)}`, result);
  const parts = partsOf(content);
  if (!parts) return misshapen(server, 'content that is no list', content);
  const texts: string[] = [];
  const lines: string[] = [];
  const media: Media[] = [];
  for (const [index, part] of parts.entries()) {
    const place = `content part ${index + 1}`;
    const text = textOf(part);
    if (typeof text === 'string') {
      texts.push(text);
      lines.push(text);
    } else if (!isPart(part)) return misshapen(server, `${place}, which is no object`, part);
    else if (typeof part['type'] !== 'string') return misshapen(server, `${place}, which has no type`, part);
    else if (part['type'] === 'text') return misshapen(server, `${place}, whose text is no text`, part['text']);
    else if (isWhole) {
      const shown = shownPart(part);
      lines.push(shown.text);
      if (shown.media) media.push(shown.media);
    }
  }
  const isFailure = isError === true;
  if (!isWhole) return { text: lines.join('\n'), isError: isFailure };
  const data = dataOf(result);
  if (data !== undefined && !isSaid(data, texts)) lines.push(JSON.stringify(data));
  return {
    text: wellFormed(lines.join('\n')),
    isError: isFailure,
    ...(data === undefined ? {} : { structured: JSON.stringify(data) }),
    ...(media.length === 0 ? {} : { media }),
  };
}

/** Half a character, as servers leave one that cut a text by its length, is refused by much that reads on. */
const wellFormed = (text: string): string => text.toWellFormed();

/** Some servers give one part, or a bare text, where a list belongs. */
function partsOf(content: unknown): readonly unknown[] | undefined {
  if (Array.isArray(content)) return content as readonly unknown[];
  if (content === undefined || content === null) return [];
  return typeof content === 'string' || isPart(content) ? [content] : undefined;
}

function textOf(part: unknown): unknown {
  if (typeof part === 'string') return part;
  const isText = isPart(part) && (part['type'] === 'text' || part['type'] === undefined);
  return isText ? part['text'] : undefined;
}

/** Structured content, or, of a result that has neither it nor content, whatever it has. */
function dataOf(result: Part): unknown {
  const { content, structuredContent, isError: _isError, _meta, resultType: _type, ...rest } = result;
  if (structuredContent !== undefined && structuredContent !== null) return structuredContent;
  return content === undefined && Object.keys(rest).length > 0 ? rest : undefined;
}

function errorText(server: string, error: unknown, isWhole: boolean): string {
  if (typeof error === 'string') return wellFormed(error);
  const { message, code, data } = isPart(error) ? error : {};
  if (typeof message !== 'string')
    return misshapen(server, 'an error without a message in words', message ?? error).text;
  if (!isWhole) return message;
  const words = typeof code === 'number' ? `${message} (error ${code})` : message;
  if (data === undefined || data === null) return wellFormed(words);
  return wellFormed(`${words}\n${typeof data === 'string' ? data : JSON.stringify(data)}`);
}

const misshapen = (server: string, what: string, value: unknown): ToolResult => ({
  text: `Server ${server} answered with ${what}: ${excerptOf(value, MOST_SHOWN)}`,
  isError: true,
});
