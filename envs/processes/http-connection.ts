import { setTimeout as delay } from 'node:timers/promises';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, WorldFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { CallDeadline } from './call-deadline.ts';
import type { Connection } from './connection.ts';
import type { Exchange, HttpAddress } from './exchange.ts';
import { changedTools, isTimeout, lateStart, listTools } from './handshake.ts';
import { AnswerTooLong, openExchange, wordsOf } from './http-exchange.ts';
import { type RawReply, resultOf } from './reply.ts';
import { conceal } from './secrets.ts';
import { StartFailure } from './start-failure.ts';
import type { ToolOffer } from './tool-list.ts';

export interface HttpLaunch extends HttpAddress, CallDeadline {
  readonly server: string;
  readonly offer?: ToolOffer | undefined;
}

const CURE = 'See whether it runs and answers at that address, and whether its headers let you in.';
/** Before a server that could not be reached is tried again. */
const AGAIN_MILLISECONDS = 500;

/**
 * A session with a server that runs elsewhere. Nothing resets it; each episode opens a session of its own.
 * @throws StartFailure when it does not answer.
 */
export async function connectHttp(launch: HttpLaunch): Promise<Connection> {
  const { server } = launch;
  const listing = { server, expectedTools: 0, isOwn: true, cure: CURE, offer: launch.offer };
  let isListChanged = false;
  const open = () => openExchange(launch, () => (isListChanged = true));
  const askList = (exchange: Exchange) =>
    listTools(listing, exchange, (params) =>
      exchange.ask('tools/list', params as JsonObject, { timeout: launch.startDeadlineMilliseconds }),
    );
  let exchange = await open().catch((error: unknown) => {
    throw startFailure(launch, error);
  });
  const list = await askList(exchange).catch(async (error: unknown) => {
    await exchange.close();
    throw startFailure(launch, error);
  });
  const isRepeatable = new Set(list.tools.filter(({ annotations = {} }) => saysRepeatable(annotations)).map(nameOf));
  const limits = { timeout: launch.callDeadlineMilliseconds, maxTotalTimeout: launch.callCeilingMilliseconds };
  let isAlive = true;
  let ending = '';

  /** A call is made again only where the server cannot have carried it out, or says that twice is as once. */
  const callOnceAtMost = async (name: string, params: JsonObject): Promise<RawReply & { readonly notice?: string }> => {
    try {
      return await exchange.ask('tools/call', params, limits);
    } catch (error) {
      if (isEndOfSession(error)) {
        await exchange.close();
        exchange = await open();
        return { ...(await exchange.ask('tools/call', params, limits)), notice: newSession(server) };
      }
      if (!wasNeverSent(error) && !(isRepeatable.has(name) && wasCutOff(error))) throw error;
      await delay(AGAIN_MILLISECONDS);
      return exchange.ask('tools/call', params, limits);
    }
  };
  return {
    list,
    isAlive: () => isAlive,
    fate: async () => ending,
    call: async (name, argumentsJson) => {
      try {
        const params = { name, arguments: JSON.parse(argumentsJson) as JsonObject };
        const { notice, ...reply } = await callOnceAtMost(name, params);
        const result = { ...resultOf(server, reply, true), ...(notice === undefined ? {} : { notice }) };
        if (!isListChanged) return result;
        isListChanged = false;
        return { ...result, ...(await changedTools(server, () => askList(exchange))) };
      } catch (error) {
        if (error instanceof AnswerTooLong) return resultOf(server, error.reply, true);
        isAlive = false;
        const why = error instanceof McpError ? wordsOf(error) : causeOf(error);
        ending = conceal(`Server ${server} did not answer ${name}: ${why}`);
        throw new WorldFailure(ending);
      }
    },
    close: async () => {
      isAlive = false;
      await exchange.close();
    },
  };
}

const nameOf = ({ name }: { readonly name: string }) => name;
const saysRepeatable = ({ readOnlyHint, idempotentHint }: JsonObject) =>
  readOnlyHint === true || idempotentHint === true;

const newSession = (server: string): string =>
  `[The session with server ${server} had ended. A new one was begun; what the old one held may be gone.]`;

function startFailure({ server, startDeadlineMilliseconds }: HttpLaunch, error: unknown): StartFailure {
  if (error instanceof StartFailure) return error;
  if (error instanceof AnswerTooLong)
    return new StartFailure(`Server ${server} cannot be used: ${error.message}`, CURE);
  if (isTimeout(error)) return lateStart(server, startDeadlineMilliseconds);
  return new StartFailure(conceal(`Server ${server} cannot be reached: ${causeOf(error)}.`), CURE);
}

/** The words of `fetch` say only that it failed; what lies below says why. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : '';
  return `${messageOf(error)}${cause}`;
}

/* ---- where a call may be made again ---- */

/** The server knows the session no longer, and so has not looked at the call: 404, or 400 with words about the session. */
const isEndOfSession = (error: unknown): boolean =>
  error instanceof StreamableHTTPError &&
  (error.code === 404 || (error.code === 400 && /session/i.test(error.message)));

const CONNECT_FAILURES = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];
const CUT_OFF = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT'];

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : '';
};
const wasNeverSent = (error: unknown): boolean => CONNECT_FAILURES.includes(codeOf(error));
const wasCutOff = (error: unknown): boolean =>
  CUT_OFF.includes(codeOf(error)) ||
  (error instanceof StreamableHTTPError && [502, 503, 504].includes(error.code ?? 0));
