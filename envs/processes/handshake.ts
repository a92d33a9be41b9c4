import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, WorldFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolResult } from '../../core/types.ts';
import { clientInfo, type Discovered, discovered, statelessMeta } from './revisions.ts';
import { conceal, concealIn } from './secrets.ts';
import { StartFailure } from './start-failure.ts';
import { type Listing, readToolList, type ToolList } from './tool-list.ts';
import { allPages } from './tool-pages.ts';
import type { StdioTransport } from './transport.ts';

/** What is known of a server once both sides have said who they are. */
export interface Handshake {
  readonly list: ToolList;
  /** What each further request carries in `_meta`; empty in a session. */
  readonly meta: JsonObject;
  /** Asks for its tools anew, in mid-episode: what then goes wrong is the world's fault, or a notice. */
  readonly listAgain: () => Promise<Pick<ToolResult, 'tools' | 'notice'>>;
}

export interface Handshaking extends Listing {
  readonly startDeadlineMilliseconds: number;
}

const PINNED_CURE = 'Run "npm ci" to restore the pinned packages, then "toolstone servers" to see which of them start.';

/** @throws StartFailure when the server does not answer, or its tool list is not the pinned version's. */
export async function handshake(
  launch: Handshaking,
  transport: StdioTransport,
  lastWords: () => string,
): Promise<Handshake> {
  const timeout = launch.startDeadlineMilliseconds;
  let isStarted = false;
  const late = () =>
    isStarted
      ? new WorldFailure(conceal(`Server ${launch.server} did not list its changed tools in time.${lastWords()}`))
      : lateStart(launch.server, timeout, lastWords());
  const ask = async (method: string, params: object) => {
    const timer = setTimeout(() => transport.fail(late()), timeout);
    try {
      return await transport.request(method, JSON.stringify(params));
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    const { meta, ...said } = await introduce(transport, timeout, ask);
    const askAll = () =>
      listTools(launch, said, (params) =>
        ask('tools/list', Object.keys(meta).length === 0 ? params : { ...params, _meta: meta }),
      );
    const list = await askAll();
    isStarted = true;
    return { list, meta, listAgain: () => changedTools(launch.server, askAll) };
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    if (isTimeout(error)) throw late();
    const cause = transport.failure()?.message ?? `${messageOf(error)}.${lastWords()}`;
    throw new StartFailure(`Server ${launch.server} did not start. ${conceal(cause)}`, launch.cure ?? PINNED_CURE);
  }
}

/** The tools of now; where the list is none, the policy is told. */
export async function changedTools(
  server: string,
  ask: () => Promise<ToolList>,
): Promise<Pick<ToolResult, 'tools' | 'notice'>> {
  try {
    return { tools: (await ask()).tools };
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return { notice: `[The tools of server ${server} have changed, but cannot be listed: ${error.fault}]` };
  }
}

type Ask = (method: string, params: object) => Promise<{ readonly result?: unknown; readonly error?: unknown }>;

/** By the session's handshake; where the server refuses that, by the question of the revision without sessions. */
async function introduce(transport: StdioTransport, timeout: number, ask: Ask) {
  const client = new Client(clientInfo);
  try {
    await client.connect(transport, { timeout });
    return { meta: {}, ...saidBy(client) };
  } catch (error) {
    if (!isServersWord(error)) throw error;
    const found = discovered(await ask('server/discover', { _meta: statelessMeta }));
    if (found === undefined) throw error;
    if (typeof found === 'string') throw new Error(`${messageOf(error)}: ${found}`, { cause: error });
    if (found.tellsOfChanges) {
      const params = { _meta: statelessMeta, notifications: { toolsListChanged: true } };
      // Its answer is the stream of notifications, and ends with the server.
      transport.request('subscriptions/listen', JSON.stringify(params)).catch(() => undefined);
    }
    return { meta: statelessMeta, ...found };
  }
}

/** What a session's handshake says beside the tools. */
export const saidBy = (client: Client): Discovered => ({
  instructions: client.getInstructions(),
  tellsOfChanges: client.getServerCapabilities()?.tools?.listChanged === true,
});

/** All pages of a server's tools, without secrets. */
export async function listTools(
  launch: Listing,
  { instructions, tellsOfChanges }: Discovered,
  ask: (params: object) => Promise<{ readonly result?: unknown; readonly error?: unknown }>,
): Promise<ToolList> {
  let refusal: unknown;
  const { result, remarks: ofPages } = await allPages(async (params) => {
    const { result: page, error } = await ask(params);
    refusal ??= error;
    return page;
  });
  const cause = refusal === undefined ? '' : ` It said: ${conceal(JSON.stringify(refusal)).slice(0, 300)}.`;
  const list = readToolList(launch, concealIn(result), cause);
  const told = launch.isOwn && instructions !== undefined && instructions.trim() !== '';
  const remarks = [...ofPages, ...(list.remarks ?? [])];
  return {
    ...list,
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(told ? { instructions: conceal(instructions).trim() } : {}),
    ...(launch.isOwn && tellsOfChanges ? { tellsOfChanges } : {}),
  };
}

const requestTimeout: number = ErrorCode.RequestTimeout;

/** The SDK's word for a request that nobody answered in time. */
export const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === requestTimeout;

/** The server answered with an error; otherwise the answer never came. */
export const isServersWord = (error: unknown): error is McpError =>
  error instanceof McpError && ![ErrorCode.ConnectionClosed, ErrorCode.RequestTimeout].includes(error.code);

/** A start that took too long is helped by time alone. */
export const lateStart = (server: string, milliseconds: number, lastWords = ''): StartFailure =>
  new StartFailure(
    conceal(`Server ${server} did not start within ${milliseconds / 1000} s.${lastWords}`),
    'Give it longer with --start-deadline SECONDS, or try again when the machine has less to do.',
  );
