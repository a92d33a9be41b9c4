import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, WorldFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { TOO_LONG } from './bounded-lines.ts';
import { allPages, type Connection, isTimeout, lateStart } from './connection.ts';
import { resultOf } from './reply.ts';
import { conceal, concealIn } from './secrets.ts';
import { StartFailure } from './start-failure.ts';
import { readToolList } from './tool-list.ts';

export interface HttpLaunch {
  readonly server: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly startDeadlineMilliseconds: number;
  readonly callDeadlineMilliseconds: number;
}

const CLOSE_MILLISECONDS = 1000;
const CURE = 'See whether it runs and answers at that address, and whether its headers let you in.';

/**
 * A session with a server that runs elsewhere. Nothing resets it; each episode opens a session of its own.
 * @throws StartFailure when it does not answer.
 */
export async function connectHttp(launch: HttpLaunch): Promise<Connection> {
  const { server, callDeadlineMilliseconds: timeout } = launch;
  const answers = answerLimit();
  const transport = new StreamableHTTPClientTransport(new URL(launch.url), {
    requestInit: { headers: launch.headers },
    fetch: boundedFetch(answers.cut),
  });
  const client = new Client({ name: 'toolstone', version: '0.1.0' });
  const close = async () => {
    const gone = transport.terminateSession().catch(() => undefined);
    await Promise.race([gone, delay(CLOSE_MILLISECONDS, undefined, { ref: false })]);
    await client.close().catch(() => undefined);
  };
  let isAlive = true;
  let ending: string | undefined;
  return {
    list: await answers
      .within((signal) => listTools(client, transport, launch, signal))
      .catch(async (error: unknown) => {
        await close();
        throw error;
      }),
    isAlive: () => isAlive,
    ending: () => ending,
    call: async (tool, argumentsJson) => {
      const params = { name: tool, arguments: JSON.parse(argumentsJson) as Record<string, unknown> };
      try {
        const result = await answers.within((signal) =>
          client.request({ method: 'tools/call', params }, ResultSchema, { timeout, signal }),
        );
        return resultOf(server, { result });
      } catch (error) {
        if (error instanceof AnswerTooLong) return resultOf(server, { error: TOO_LONG });
        if (isServersWord(error)) return resultOf(server, { error: { code: error.code, message: wordsOf(error) } });
        isAlive = false;
        const why = error instanceof McpError ? wordsOf(error) : messageOf(error);
        ending = conceal(`Server ${server} did not answer ${tool}: ${why}`);
        throw new WorldFailure(ending);
      }
    },
    close: async () => {
      isAlive = false;
      await close();
    },
  };
}

class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';

  constructor() {
    super(TOO_LONG.message);
  }
}

/** Ends requests whose answer was cut off: the rest of a stream of events would be waited for until the deadline. */
function answerLimit() {
  let current: AbortController | undefined;
  return {
    cut: () => current?.abort(new AnswerTooLong()),
    /** Rejects with `AnswerTooLong` where an answer was cut off meanwhile. */
    within: async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const abort = (current = new AbortController());
      try {
        return await work(abort.signal);
      } catch (error) {
        // What the client makes of it says nothing of the cause.
        if (error instanceof StartFailure) throw error;
        throw abort.signal.aborted ? abort.signal.reason : error;
      }
    },
  };
}

async function listTools(
  client: Client,
  transport: StreamableHTTPClientTransport,
  launch: HttpLaunch,
  signal: AbortSignal,
) {
  const { server, startDeadlineMilliseconds: timeout } = launch;
  try {
    await client.connect(transport, { timeout, signal });
    const result = await allPages((params) =>
      client.request({ method: 'tools/list', params: params as JsonObject }, ResultSchema, { timeout, signal }),
    );
    return readToolList(server, concealIn(result), 0, CURE);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    if (signal.aborted) throw new StartFailure(`Server ${server} cannot be used: ${TOO_LONG.message}`, CURE);
    if (isTimeout(error)) throw lateStart(server, timeout);
    throw new StartFailure(conceal(`Server ${server} cannot be reached: ${messageOf(error)}.`), CURE);
  }
}

/** The server answered with an error; otherwise the answer never came. */
const isServersWord = (error: unknown): error is McpError =>
  error instanceof McpError && ![ErrorCode.ConnectionClosed, ErrorCode.RequestTimeout].includes(error.code);

const wordsOf = (error: McpError): string => error.message.replace(/^MCP error -?\d+: /, '');
