import type { Fingerprint } from './fingerprint.ts';

/** What a manifest says of a server. */
export interface RecordedServer {
  readonly package: string;
  readonly tools: number;
  readonly schemaHash: string;
  /** Tools that were set aside, each with the reason. */
  readonly quarantined?: readonly { readonly name: string; readonly reason: string }[];
  /** What it offered, by tool; absent in runs of older versions. */
  readonly fingerprint?: Fingerprint;
  /** What else is amiss with the server, a sentence's part each; absent where nothing is. */
  readonly remarks?: readonly string[];
  /** It is not run: a call of it is answered as by an unreachable server. */
  readonly listed?: true;
}
