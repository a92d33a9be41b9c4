import { messageOf } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { OwnTask } from '../../own-tasks/format.ts';
import { SkippedRecord, type Fields } from './fields.ts';
import { serverHere } from './servers.ts';

type Plan = NonNullable<OwnTask['plan']>;

/**
 * Calls of a gold trajectory (messages as chat endpoints write them, or their JSON text) on the servers here. Calls of
 * one message depend on those of the message before.
 * @throws SkippedRecord where it is torn.
 */
export function readGoldCalls(
  record: Fields,
  serverOf: (tool: string) => string,
  ourText: (server: string, key: string, text: string) => string,
): { readonly calls: Plan; readonly servers: readonly string[] } {
  const trajectory = record.any('TRAJECTORY');
  const messages = typeof trajectory === 'string' ? parse(trajectory, 'TRAJECTORY') : trajectory;
  if (!Array.isArray(messages)) throw new SkippedRecord('wrong record: "TRAJECTORY" is no list of messages');
  const calls: Plan[number][] = [];
  const servers = new Set<string>();
  let before: readonly number[] = [];
  for (const [at, value] of (messages as readonly unknown[]).entries()) {
    const message = record.part(`TRAJECTORY[${at}]`, value);
    message.any('role');
    message.any('content');
    message.any('tool_call_id');
    const indices: number[] = [];
    for (const [place, toolCall] of message.list('tool_calls').entries()) {
      const call = message.part(`tool_calls[${place}]`, toolCall);
      call.any('id');
      call.any('type');
      const fn = call.object('function');
      const theirs = fn.text('name');
      const args = argumentsOf(fn.any('arguments'));
      const server = serverOf(theirs);
      servers.add(server);
      indices.push(calls.length);
      calls.push({
        ...ours(server, theirs),
        arguments: mapTexts(args, (key, text) => ourText(server, key, text)),
        after: before,
      });
    }
    if (indices.length > 0) before = indices;
  }
  return { calls, servers: [...servers] };
}

/** An absent server keeps its name: the task is then skipped. */
function ours(server: string, theirs: string) {
  const tool = theirs.slice(server.length + 1);
  const here = serverHere('mcp-atlas', server);
  if ('absent' in here) return { server, tool };
  const mappedTool = here.tools ? here.tools[tool] : tool;
  if (mappedTool === undefined)
    throw new SkippedRecord(
      `the gold calls ${theirs}, which nothing here stands in for`,
      'name your tool for it by --map FILE, and its server by --servers FILE',
    );
  return { server: here.server, tool: mappedTool };
}

function argumentsOf(field: unknown): JsonObject {
  const value = typeof field === 'string' ? parse(field === '' ? '{}' : field, 'arguments') : (field ?? {});
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SkippedRecord('wrong record: the arguments of a gold call are no object');
  return value as JsonObject;
}

function parse(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SkippedRecord(`wrong record: "${key}" is no JSON: ${messageOf(error)}`);
  }
}

/** Arguments with every text replaced; a text in a list or object has the key that it lies under. */
function mapTexts(args: JsonObject, ourText: (key: string, text: string) => string): JsonObject {
  const value = (key: string, inner: Json): Json => {
    if (typeof inner === 'string') return ourText(key, inner);
    if (Array.isArray(inner)) return (inner as readonly Json[]).map((item) => value(key, item));
    return typeof inner === 'object' && inner !== null ? mapTexts(inner as JsonObject, ourText) : inner;
  };
  return Object.fromEntries(Object.entries(args).map(([key, inner]) => [key, value(key, inner)]));
}
