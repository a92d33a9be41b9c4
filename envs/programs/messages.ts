/** A call that a program made, as it crosses the boundary of threads. */
export interface GuestCall {
  /** Identifiers, as the program wrote them. */
  readonly server: string;
  readonly tool: string;
  /** JSON of what it gave. */
  readonly args: string;
}

/** What such a call came to: JSON for the program, or the words of the exception that it gets. */
export type GuestResult =
  { readonly isOk: true; readonly json: string } | { readonly isOk: false; readonly message: string };

/** How a program ended. */
export interface ProgramEnd {
  /** It did not begin: it cannot be read, say. */
  readonly hasRun: boolean;
  readonly isError: boolean;
  /** What it logged, a line each. */
  readonly log: readonly string[];
  /** What it returned, or why it ended without a value; '' for nothing. */
  readonly said: string;
  /** What the policy is told beside it. */
  readonly notes: readonly string[];
}

/** Its top-level variables as JSON by name; `null`: it has a value that is no JSON. */
export type Variables = Readonly<Record<string, string | null>>;

export interface OpenRequest {
  readonly kind: 'open';
  /** Of `Math.random`. */
  readonly seed: number;
  /** Identifiers of the servers. */
  readonly servers: readonly string[];
  /** Those of an earlier sandbox of the episode. */
  readonly variables: Variables;
}

export type Request =
  | OpenRequest
  | { readonly kind: 'run'; readonly code: string }
  | { readonly kind: 'results'; readonly results: readonly GuestResult[] }
  | { readonly kind: 'close' };

export type Answer =
  | { readonly kind: 'calls'; readonly calls: readonly GuestCall[] }
  | { readonly kind: 'ended'; readonly end: ProgramEnd; readonly variables: Variables };
