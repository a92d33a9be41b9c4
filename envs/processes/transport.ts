import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { readLines, TOO_LONG } from './bounded-lines.ts';
import type { RawReply } from './reply.ts';

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

// The SDK numbers its requests from 0; ours start where it never arrives.
const FIRST_OWN_ID = 1_000_000_000;

interface Pending {
  readonly resolve: (reply: RawReply) => void;
  readonly reject: (reason: Error) => void;
}

export function stdioTransport(input: Writable, output: Readable): StdioTransport {
  const pending = new Map<number, Pending>();
  let nextId = FIRST_OWN_ID;
  let failure: Error | undefined;

  const receive = (line: string) => {
    const message = parseMessage(line);
    if (!message) return;
    const waiting = typeof message.id === 'number' && !('method' in message) ? pending.get(message.id) : undefined;
    if (waiting) {
      pending.delete(message.id as number);
      waiting.resolve(message as RawReply);
    } else if (!(typeof message.id === 'number' && message.id >= FIRST_OWN_ID)) {
      transport.onmessage?.(message as JSONRPCMessage);
    }
  };
  const answerTooLong = (beginning: string, ending: string) => {
    const id = idAtEdges(beginning, ending) ?? (pending.size === 1 ? [...pending.keys()][0] : undefined);
    if (id === undefined) return;
    pending.get(id)?.resolve({ error: TOO_LONG });
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

/** Servers print other things on stdout too; such lines are skipped. */
function parseMessage(line: string): { readonly id?: unknown } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as { readonly id?: unknown };
  } catch {
    return undefined;
  }
}

/** Id of a reply of which only the ends are there. Servers write it before the result or after it. */
function idAtEdges(beginning: string, ending: string): number | undefined {
  const id =
    /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/.exec(beginning) ??
    /[\]}]\s*,\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(
      ending,
    );
  return id === null ? undefined : Number(id[1]);
}
