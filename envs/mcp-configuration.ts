/** What any server's block may say; MCP clients do not know these keys. */
interface ServerSettings {
  /** One line for the list of servers; by default its tools are named there. */
  readonly summary?: string;
  /** Seconds that a server may take; absent: as every other. */
  readonly startDeadline?: number;
  readonly callDeadline?: number;
  /** In all, while it tells of progress. */
  readonly callCeiling?: number;
  /** Names of the tools to offer; absent: all. */
  readonly offeredTools?: readonly string[];
  readonly leftOutTools?: readonly string[];
  /**
   * What stands between two episodes: a new process, the same one with its files restored, or the same one after this command
   * was run in its folder. By default `restart`.
   */
  readonly reset?: 'restart' | 'keep' | readonly string[];
}

/** A server of a user's own: a program that speaks over stdio, or an address of Streamable HTTP or the older SSE. */
export type McpServer = ServerSettings &
  (
    | {
        readonly command: string;
        readonly args?: readonly string[];
        readonly env?: Readonly<Record<string, string>>;
        /** File of further variables, a line each. */
        readonly envFile?: string;
        readonly cwd?: string;
        /** Runs in a box, without the network unless `network` says so. MCP clients do not know these keys either. */
        readonly confine?: boolean;
        readonly network?: boolean;
        /** Files and folders that it may read in its box, beside the system's programs and the task file's folder. */
        readonly readable?: readonly string[];
      }
    | {
        /** Absent: Streamable HTTP, unless the address ends in `/sse`. */
        readonly type?: 'http' | 'sse';
        readonly url: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
  );
