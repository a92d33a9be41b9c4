/** What the sandbox may ask of the thread around it. All texts are bounded. */
export interface GuestHost {
  readonly call: (id: number, server: string, tool: string, args: string) => void;
  readonly log: (line: string) => void;
  /** `value`: the text of what the program returned; the others are why there is none. `stack` is that of what was thrown. */
  readonly ended: (kind: 'value' | 'nothing' | 'no-json' | 'thrown', text: string, stack: string) => void;
  /** Milliseconds since 1970, later at each reading. */
  readonly clock: () => number;
  readonly random: () => number;
}

/** What the thread may ask of the sandbox. */
export interface Guest {
  /** Makes these the servers of the episode; their objects call the host. */
  readonly open: (...servers: readonly string[]) => void;
  /** Starts a program, which tells the host once that it has ended. */
  readonly run: (program: () => Promise<unknown>) => void;
  readonly settle: (id: number, isOk: boolean, text: string) => void;
  /** JSON of what failed and nobody waited for, a text each. */
  readonly lost: () => string;
  /** Names of what the language has that is no longer as it was; '' where all is. */
  readonly changed: () => string;
  /** JSON of the variables: name → their JSON, or null. To be asked only while nothing has changed. */
  readonly variables: () => string;
  readonly restore: (name: string, json: string) => void;
  readonly isTaken: (name: string) => boolean;
}
