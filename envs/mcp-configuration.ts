/** Seconds that a server may take; absent: as every other. MCP clients do not know these keys. */
interface ServerDeadlines {
  readonly startDeadline?: number;
  readonly callDeadline?: number;
  /** In all, while it tells of progress. */
  readonly callCeiling?: number;
}

/** A server of a user's own, as MCP clients write it: a program that speaks over stdio, or a Streamable HTTP address. */
export type McpServer = ServerDeadlines &
  (
    | {
        readonly type?: 'stdio';
        /** One line for the list of servers; by default its tools are named there. */
        readonly summary?: string;
        readonly command: string;
        readonly args?: readonly string[];
        readonly env?: Readonly<Record<string, string>>;
        /** Runs in a box, without the network unless `network` says so. MCP clients do not know these keys either. */
        readonly confine?: boolean;
        readonly network?: boolean;
        /** Files and folders that it may read in its box, beside the system's programs and the task file's folder. */
        readonly readable?: readonly string[];
      }
    | {
        readonly type?: 'http' | 'streamable-http';
        readonly summary?: string;
        readonly url: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
  );
