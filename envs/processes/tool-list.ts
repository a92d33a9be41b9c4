import { isDeepStrictEqual } from 'node:util';
import { tooDeep, type JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { isPart } from './content.ts';
import { StartFailure } from './start-failure.ts';

export interface QuarantinedTool {
  readonly name: string;
  readonly reason: string;
}

export interface ToolList {
  readonly tools: readonly Tool[];
  /** Listed tools that nobody could call: kept out one by one, so that one bad entry does not cost the server. */
  readonly quarantined: readonly QuarantinedTool[];
  /** What is amiss with the list or its tools, which can be called nevertheless; a sentence each. */
  readonly remarks?: readonly string[];
  /** What a user's own server tells every client at the start. */
  readonly instructions?: string;
  /** It says that its tools may change, and that it will tell. */
  readonly tellsOfChanges?: true;
}

/** What a user's block of a server says of its tools. */
export interface ToolOffer {
  readonly includes: (tool: string) => boolean;
  /** Tools that the block names, to be offered or left out. */
  readonly named: readonly string[];
}

/** What is expected of a server's list. */
export interface Listing {
  readonly server: string;
  /** Tools of the pinned version; 0 where nothing is known. */
  readonly expectedTools: number;
  /** A user's own server, of whose tools everything is kept and whose names and schemas are taken as they are. */
  readonly isOwn: boolean;
  /** Absent: all tools are offered. */
  readonly offer?: ToolOffer | undefined;
  /** What helps when the list is none. */
  readonly cure?: string | undefined;
}

/**
 * Reads the raw result of `tools/list`; `cause` is a further sentence on why it is none.
 * @throws StartFailure when the list is no list, is empty, or is shorter than the pinned version's.
 */
export function readToolList(
  { server, expectedTools, isOwn, offer, cure = CURE }: Listing,
  result: unknown,
  cause = '',
): ToolList {
  const entries = isPart(result) ? result['tools'] : undefined;
  if (!Array.isArray(entries))
    throw new StartFailure(`Server ${server} answered tools/list with no list of tools.${cause}`, cure);
  if (entries.length < expectedTools) {
    const answer = entries.length === 0 ? 'an empty tool list' : `a shrunken tool list (${entries.length} tools)`;
    throw new StartFailure(`Server ${server} answered with ${answer}; its pinned version has ${expectedTools}.`, cure);
  }
  const tools = new Map<string, Tool>();
  const quarantined: QuarantinedTool[] = [];
  const listed = new Set<string>();
  for (const entry of entries as readonly unknown[]) {
    const fields = isPart(entry) ? entry : {};
    const { name } = fields;
    if (typeof name === 'string') listed.add(name);
    if (typeof name === 'string' && offer?.includes(name) === false) continue;
    const schema = isOwn ? schemaOf(fields['inputSchema']) : fields['inputSchema'];
    const reason = nameFault(name, isOwn) ?? schemaFault(schema, isOwn);
    if (reason !== undefined) {
      quarantined.push({ name: typeof name === 'string' && name !== '' ? name : '(no name)', reason });
      continue;
    }
    const tool = toolOf(server, fields, schema as JsonObject, isOwn);
    const earlier = tools.get(tool.name);
    if (!earlier) tools.set(tool.name, tool);
    // The same page may come twice.
    else if (!isDeepStrictEqual(earlier, tool))
      quarantined.push({ name: tool.name, reason: 'its name is listed twice, and the first one is taken' });
  }
  // A misspelt name would leave in what is to be left out.
  const remarks = (offer?.named ?? [])
    .filter((name) => !listed.has(name))
    .map((name) => `its configuration names the tool "${name}", which it does not list`);
  return { tools: [...tools.values()], quarantined, ...(remarks.length === 0 ? {} : { remarks }) };
}

const CURE = 'Run "npm ci" to restore the pinned packages.';
const LONGEST_NAME = 256;

function nameFault(name: unknown, isOwn: boolean): string | undefined {
  if (typeof name !== 'string' || name === '') return 'it has no name';
  if (!isOwn) return /^[\w.-]{1,128}$/.test(name) ? undefined : 'its name is not a tool name';
  if (name.length > LONGEST_NAME) return `its name is longer than ${LONGEST_NAME} characters`;
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(name) ? 'its name holds control characters' : undefined;
}

/** Many servers leave out the schema of a tool without arguments, or say by `true` that they take any. */
const schemaOf = (schema: unknown): unknown =>
  schema === undefined || schema === null || schema === true ? {} : schema;

function schemaFault(schema: unknown, isOwn: boolean): string | undefined {
  if (!isPart(schema)) return 'its inputSchema is no object';
  const deep = tooDeep(schema);
  if (deep !== null) return `its inputSchema ${deep}`;
  const { type } = schema;
  if (type === 'object') return undefined;
  if (!isOwn) return 'its inputSchema has no "type": "object"';
  const takesObjects = typeof type !== 'string' && (!Array.isArray(type) || type.includes('object'));
  return takesObjects ? undefined : `its inputSchema takes no object, but "type": ${JSON.stringify(type)}`;
}

function toolOf(
  server: string,
  { name, description, title, annotations, outputSchema }: Readonly<Record<string, unknown>>,
  inputSchema: JsonObject,
  isOwn: boolean,
): Tool {
  const tool = {
    server,
    name: name as string,
    description: typeof description === 'string' ? description : '',
    inputSchema,
  };
  if (!isOwn) return tool;
  return {
    ...tool,
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
    ...(isPart(annotations) && Object.keys(annotations).length > 0 ? { annotations: annotations as JsonObject } : {}),
    ...(isPart(outputSchema) ? { outputSchema: outputSchema as JsonObject } : {}),
  };
}
