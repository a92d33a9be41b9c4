import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonObject } from '../../core/json.ts';
import { waitFor } from './call-deadline.ts';
import { isPart } from './content.ts';
import type { Exchange, HttpAddress, WaitLimits } from './exchange.ts';
import type { RawReply } from './reply.ts';
import { discovered, statelessMeta, statelessVersion } from './revisions.ts';

interface Pending {
  readonly settle: (reply: RawReply) => void;
  readonly extend: () => void;
}

/**
 * MCP since 2026-07-28: each request is whole in itself. Undefined where the server does not speak it, either.
 * @throws Error where it speaks a revision that is not known here.
 */
export async function statelessExchange(
  { url, headers, startDeadlineMilliseconds }: HttpAddress,
  fetch: FetchLike,
  changed: () => void,
): Promise<Exchange | undefined> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    fetch: withRequestHeaders(fetch),
  });
  const pending = new Map<number, Pending>();
  let nextId = 1;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transports have this one alone
  transport.onmessage = (message) => {
    if ('method' in message) {
      if (message.method === 'notifications/tools/list_changed') changed();
      if (message.method === 'notifications/progress') for (const { extend } of pending.values()) extend();
    } else pending.get(Number(message.id))?.settle(message);
  };
  await transport.start();
  transport.setProtocolVersion(statelessVersion);

  const send = (id: number, method: string, params: JsonObject) =>
    transport.send({ jsonrpc: '2.0', id, method, params: withMeta(params, id) });
  const ask = async (method: string, params: JsonObject, { timeout, maxTotalTimeout = timeout }: WaitLimits) => {
    const id = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
    const deadline = { callDeadlineMilliseconds: timeout, callCeilingMilliseconds: maxTotalTimeout };
    const { answer, extend } = waitFor(promise, deadline, () => reject(new Error('Request timed out')));
    pending.set(id, { settle: resolve, extend });
    send(id, method, params).catch((error: unknown) => {
      const said = errorIn(error);
      if (said === undefined) reject(error);
      else resolve({ error: said });
    });
    return answer.finally(() => pending.delete(id));
  };
  const found = await ask('server/discover', {}, { timeout: startDeadlineMilliseconds }).then(
    discovered,
    () => undefined,
  );
  if (typeof found !== 'object') await transport.close();
  if (found === undefined) return undefined;
  if (typeof found === 'string') throw new Error(found);
  // Its answer is the stream of notifications, and ends with the connection.
  if (found.tellsOfChanges)
    send(nextId++, 'subscriptions/listen', { notifications: { toolsListChanged: true } }).catch(() => undefined);
  return { ...found, ask, close: () => transport.close() };
}

const withMeta = (params: JsonObject, progressToken: number): JsonObject => ({
  ...params,
  _meta: { ...statelessMeta, progressToken },
});

/** What stands in a request's body for those on the way who read headers alone. */
function withRequestHeaders(fetch: FetchLike): FetchLike {
  return (url, init) => {
    if (typeof init?.body !== 'string') return fetch(url, init);
    const { method, params } = JSON.parse(init.body) as { readonly method: string; readonly params?: JsonObject };
    const headers = new Headers(init.headers);
    headers.set('mcp-method', method);
    if (method === 'tools/call' && typeof params?.['name'] === 'string')
      headers.set('mcp-name', headerText(params['name']));
    return fetch(url, { ...init, headers });
  };
}

/** As the specification has it: what is no plain text goes in Base64. */
const headerText = (text: string): string =>
  /^(?!=\?base64\?)[!-~](?:[ -~]*[!-~])?$/.test(text) ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;

/** The JSON-RPC error in the body of a refused request. */
function errorIn(error: unknown): unknown {
  if (!(error instanceof StreamableHTTPError)) return undefined;
  try {
    const body: unknown = JSON.parse(error.message.slice(error.message.indexOf('{')));
    return isPart(body) ? body['error'] : undefined;
  } catch {
    return undefined;
  }
}
