import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, ResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { boundedFetch } from './bounded-fetch.ts';
import type { Exchange, HttpAddress } from './exchange.ts';
import { isServersWord, saidBy } from './handshake.ts';
import { waitAtMost } from './wait-at-most.ts';
import type { RawReply } from './reply.ts';
import { clientInfo } from './revisions.ts';
import { statelessExchange } from './stateless-exchange.ts';
import { shortened, TOO_LONG } from './too-long.ts';

const CLOSE_MILLISECONDS = 1000;
/** Answers to `initialize` of servers that know no sessions. */
const NO_SESSION_STATUS = [400, 404, 405, 501];

/** Opens a session; with a server that has none, speaks without. `changed` is called whenever the server's tools have changed. */
export async function openExchange(address: HttpAddress, changed: () => void): Promise<Exchange> {
  const answers = answerLimit();
  const fetch = boundedFetch(answers.cut);
  const options = { requestInit: { headers: address.headers }, fetch };
  const transport = address.isSse
    ? new SSEClientTransport(new URL(address.url), options)
    : new StreamableHTTPClientTransport(new URL(address.url), options);
  const client = new Client(clientInfo);
  client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
  const { startDeadlineMilliseconds: timeout } = address;
  try {
    await answers.within((signal) => client.connect(transport, { timeout, signal }));
  } catch (error) {
    await client.close().catch(() => undefined);
    const mayBeStateless =
      !address.isSse &&
      (isServersWord(error) || (error instanceof StreamableHTTPError && NO_SESSION_STATUS.includes(error.code ?? 0)));
    const stateless = mayBeStateless ? await statelessExchange(address, fetch, changed) : undefined;
    if (!stateless) throw error;
    return { ...stateless, ask: (...asked) => answers.within(() => stateless.ask(...asked)) };
  }
  return {
    ...saidBy(client),
    ask: async (method, params, limits) => {
      const options = { ...limits, resetTimeoutOnProgress: true, onprogress: () => undefined };
      try {
        const request = { method, params: params as Record<string, unknown> };
        const ask = (signal: AbortSignal) => client.request(request, ResultSchema, { ...options, signal });
        return { result: await answers.within(ask) };
      } catch (error) {
        if (isServersWord(error)) return { error: { code: error.code, message: wordsOf(error), data: error.data } };
        throw error;
      }
    },
    close: async () => {
      if (transport instanceof StreamableHTTPClientTransport) {
        const gone = transport.terminateSession().catch(() => undefined);
        await waitAtMost(CLOSE_MILLISECONDS, gone);
      }
      await client.close().catch(() => undefined);
    },
  };
}

/** The SDK puts the number of an error before its words. */
export const wordsOf = (error: McpError): string => error.message.replace(/^MCP error -?\d+: /, '');

export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';

  /** What of it can be shown; the rest was not waited for. */
  readonly reply: RawReply;

  constructor(beginning: string) {
    super(TOO_LONG.message);
    this.reply = shortened(beginning, '');
  }
}

const NOTHING_TO_CUT = (_beginning: string): void => undefined;

/** Ends requests whose answer was cut off: the rest of a stream of events would be waited for until the deadline. */
function answerLimit() {
  let cut = NOTHING_TO_CUT;
  return {
    cut: (beginning: string) => cut(beginning),
    /** Rejects with `AnswerTooLong` where an answer was cut off meanwhile. */
    within: async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const abort = new AbortController();
      cut = (beginning) => abort.abort(new AnswerTooLong(beginning));
      try {
        return await Promise.race([work(abort.signal), untilAborted(abort.signal)]);
      } catch (error) {
        // What the client makes of it says nothing of the cause.
        throw abort.signal.aborted ? abort.signal.reason : error;
      }
    },
  };
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
