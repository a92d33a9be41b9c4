import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { tooDeep } from '../../core/json.ts';
import { readLines } from './bounded-lines.ts';
import { type Message, readLine } from './line-messages.ts';
import type { RawReply } from './reply.ts';
import { shortened, TOO_LONG } from './too-long.ts';

/**
 * Ours and not the SDK's, since episodes a second hang on it: the SDK's client shakes hands over it, and calls go past the
 * client, whose zod schemas would cost more than the call.
 */
export interface StdioTransport extends Transport {
  /** `params` is JSON text; `preface` is whole lines that go before the request in the same write. */
  readonly request: (method: string, params: string, preface?: string) => Promise<RawReply>;
  /** Rejects what is pending and refuses what follows. */
  readonly fail: (reason: Error) => void;
  /** Why it failed, once it did. */
  readonly failure: () => Error | undefined;
}

/** Who else hears what comes. */
export interface Listeners {
  /** A notification of the server's. */
  readonly notified?: (method: string, params: unknown) => void;
  /** What the server printed beside its messages. */
  readonly noise?: (text: string) => void;
  /** Of an answer that is too long its beginning is taken, where that can be read. */
  readonly showsBeginnings?: boolean;
}

// The SDK numbers its requests from 0; ours start where it never arrives.
const FIRST_OWN_ID = 1_000_000_000;

interface Pending {
  readonly resolve: (reply: RawReply) => void;
  readonly reject: (reason: Error) => void;
}

export function stdioTransport(input: Writable, output: Readable, listeners: Listeners = {}): StdioTransport {
  const pending = new Map<number, Pending>();
  let nextId = FIRST_OWN_ID;
  let failure: Error | undefined;

  const receive = (line: string) => {
    const { messages, noise } = readLine(line);
    if (noise !== '') listeners.noise?.(noise);
    for (const message of messages) take(message, noise !== '');
  };
  /** To the protocol's own client, unless it is an answer to a call of ours, or nested so deep that looking at it would fail. */
  const handOn = (message: Message, id: number | undefined) => {
    if ((id === undefined || id < FIRST_OWN_ID) && tooDeep(message) === null)
      transport.onmessage?.(message as JSONRPCMessage);
  };
  const take = (message: Message, isAmongNoise: boolean) => {
    const id = numberOf(message.id);
    if (!('method' in message)) {
      const waiting = id === undefined ? undefined : pending.get(id);
      if (id !== undefined) pending.delete(id);
      if (waiting) waiting.resolve(message as RawReply);
      else handOn(message, id);
      return;
    }
    // A server that logs what it gets shows us our own requests.
    if (isAmongNoise && message.id !== undefined) return;
    if (message.id === undefined && typeof message.method === 'string')
      listeners.notified?.(message.method, message.params);
    handOn(message, id);
  };
  const answerTooLong = (beginning: string, ending: string) => {
    const id = idAtEdges(beginning, ending) ?? (pending.size === 1 ? [...pending.keys()][0] : undefined);
    if (id === undefined) return;
    pending.get(id)?.resolve(listeners.showsBeginnings ? shortened(beginning, ending) : { error: TOO_LONG });
    pending.delete(id);
  };
  const transport: StdioTransport = {
    start: async () => readLines(output, { line: receive, tooLong: answerTooLong }),
    send: async (message) => {
      if (!failure) input.write(`${JSON.stringify(message)}\n`);
    },
    close: async () => transport.onclose?.(),
    request: (method, params, preface = '') => {
      if (failure) return Promise.reject(failure);
      const id = nextId++;
      return new Promise<RawReply>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        input.write(`${preface}{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}\n`);
      });
    },
    fail: (reason) => {
      failure ??= reason;
      for (const { reject } of pending.values()) reject(failure);
      pending.clear();
      transport.onclose?.();
    },
    failure: () => failure,
  };
  return transport;
}

/** Some servers send numbers back as texts. */
const numberOf = (id: unknown): number | undefined => {
  if (typeof id === 'number') return id;
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
};

/** Id of a reply of which only the ends are there. Servers write it before the result or after it. */
function idAtEdges(beginning: string, ending: string): number | undefined {
  const id =
    /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*"?(\d+)"?\s*,/.exec(beginning) ??
    /[\]}]\s*,\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*"?(\d+)"?\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(
      ending,
    );
  return id === null ? undefined : Number(id[1]);
}
