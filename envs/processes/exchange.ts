import type { JsonObject } from '../../core/json.ts';
import type { RawReply } from './reply.ts';
import type { Discovered } from './revisions.ts';

/** Where a server runs, and how long it may take. */
export interface HttpAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly startDeadlineMilliseconds: number;
  /** Speaks the older transport: events of one address, requests to another. */
  readonly isSse?: boolean;
}

export interface WaitLimits {
  /** Without a word of the server's. */
  readonly timeout: number;
  /** In all. */
  readonly maxTotalTimeout?: number;
}

/** Requests and replies with a server over HTTP, in a session or without one. */
export interface Exchange extends Discovered {
  /** Rejects where no reply came; a reply that is an error comes as one. */
  readonly ask: (method: string, params: JsonObject, limits: WaitLimits) => Promise<RawReply>;
  readonly close: () => Promise<void>;
}
