import type { Fact } from '../core/facts.ts';
import type { JsonObject } from '../core/json.ts';
import type { Files } from '../core/types.ts';
import type { ArgumentRules } from './confinement/arguments.ts';
import type { ClientInput } from './client-files/inputs.ts';
import type { Listed } from './listed/source.ts';
import type { McpServer } from './mcp-configuration.ts';

/** Where one server of one lane lives, as the server itself sees it. Absolute paths without a trailing slash. */
export interface Place {
  /** The server's own folder: its state, and its working directory. */
  readonly folder: string;
  /** HOME and temporary directory, outside the state. */
  readonly home: string;
}

/** File contents below a server's folder; an empty folder is a path that ends in `/`. */
export type Tree = ReadonlyMap<string, Buffer>;

/** One published MCP server as a world uses it. The file `envs/servers/<name>.ts` default-exports one. */
export interface ServerDefinition extends ArgumentRules {
  readonly name: string;
  /** npm package; its version is the installed one. */
  readonly package: string;
  /** Present where the package is too heavy to come with Toolstone: which one `toolstone servers install NAME` adds. */
  readonly onRequest?: {
    readonly version: string;
    /** What npm's lock has of it and of all that it needs: a JSON file of `LockedPackages` (`envs/server-locks`). */
    readonly lock: URL;
    /** What it weighs once it is installed, with all that it needs. */
    readonly megabytes: number;
    /** Packages of the lock whose native part is built where it is installed. */
    readonly builds?: readonly string[];
  };
  /** Of the package, as SPDX names it; every server of the catalogue has one. */
  readonly licence?: string;
  /** One line of our own words. */
  readonly summary: string;
  /** Script inside the package. */
  readonly entry: string;
  /**
   * What runs the script where Node does not: a program and its first arguments, told the `node_modules` that holds the package,
   * and the file that is loaded before the script.
   */
  readonly runtime?: (modules: string, preload: string) => readonly string[];
  /**
   * What it does that only a wall holds, as in "runs commands": it is offered only where a wall shows it nothing of the machine
   * (`strictLevels`).
   */
  readonly needsWall?: string;
  readonly arguments: (place: Place) => readonly string[];
  readonly environment: (place: Place) => Readonly<Record<string, string>>;
  /** Files of the empty state; a task's files are laid over them. */
  readonly emptyFiles: Files;
  /** Turns a fixture's text files into what lies on disk, where the server keeps no text; by default they are the same. */
  readonly compile?: (files: Files) => Tree;
  /** These files make the whole state, and nothing of the empty one stays below them. */
  readonly replacesEmpty?: (files: Files) => boolean;
  /** What `facts` would say of the compiled files, told from their text where that is possible: spares compiling. */
  readonly statedFacts?: (files: Files) => readonly Fact[] | undefined;
  /** Builds the part of the empty state that is not text, once per process, in an empty folder. */
  readonly prepare?: (folder: string) => void;
  /** What the state says; `null` for a stateless server. Text that holds a lane's path is mapped by the caller. */
  readonly facts: ((tree: Tree) => readonly Fact[]) | null;
  /** Tools whose call leaves something in process memory: the server is restarted before its next episode. */
  readonly restartAfter: readonly string[];
  /** Calls after which the server is restarted before its next episode, because it counts them and in the end refuses. */
  readonly restartAfterCalls: number;
  /** Cheaper than a restart: tools whose trace in process memory another call takes away. */
  readonly undoneBy: Readonly<Record<string, { readonly tool: string; readonly arguments: JsonObject }>>;
  /** Tools not offered, because they wait on a real clock or tell of the machine. */
  readonly withheld: readonly string[];
  /** What is wrong with arguments that would reach outside by another way than a path, if anything. */
  readonly refuses?: (args: JsonObject, tool: string) => string | undefined;
  /**
   * What lies in the server's folder that makes any call of it unsafe, if anything; looked for before each call. Paths in the
   * sentence begin with `shown`, the folder's name in the world.
   */
  readonly unsafeState?: (folder: string, shown: string) => string | undefined;
  /** Why it would not work in a folder of this real path, by its own rules; absent: it works in any. */
  readonly refusesFolder?: (path: string) => string | undefined;
  /** Folders with programs that it runs, where they may lie apart from the system's. */
  readonly programs?: () => readonly string[];
  /** Tools that the pinned version lists, the withheld ones included. */
  readonly expectedTools: number;
  /** Present for a user's own server, which is started anew for each episode. */
  readonly own?: OwnServer;
  /** Present for a server that is not run: its tools are kept, and each call gets the same answer. */
  readonly listed?: Listed;
}

/** A block, and where it stands. */
export interface OwnSource {
  readonly block: McpServer;
  /** Folder of the file that it stands in. */
  readonly folder: string;
  /** Whether that is a client's file, written for real work, and not a task file. */
  readonly isOfClient?: boolean;
  /** What that file has its user asked for. */
  readonly inputs?: readonly ClientInput[];
}

/** How a user's own server is reached, in place of a package's script. */
export interface OwnServer {
  /** What it was made from, for a process that makes it again. */
  readonly source: OwnSource;
  /** What it may read where it is confined, beside the usual. */
  readonly reads: readonly string[];
  /** What was made of its block that its user may not expect, a sentence each without an end. */
  readonly notes: readonly string[];
  /** A command that makes it ready for the next episode, run in its folder; absent where there is none. */
  readonly reset?: (folder: string) => readonly string[];
  readonly reach:
    | {
        readonly kind: 'stdio';
        readonly command: (folder: string) => string;
        /** Its working directory; by default its folder. */
        readonly workingFolder: (folder: string) => string;
      }
    | {
        readonly kind: 'http';
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        /** Speaks the older transport of two addresses. */
        readonly isSse: boolean;
      };
}

/** A stateful server that keeps everything in files of its folder, and stays inside it. */
export const fileBacked = {
  environment: () => ({}),
  emptyFiles: {},
  restartAfter: [],
  restartAfterCalls: Infinity,
  undoneBy: {},
  withheld: [],
  proseArguments: [],
  checksItself: [],
} as const satisfies Partial<ServerDefinition>;

/** A server without arguments, files and facts. */
export const stateless = {
  ...fileBacked,
  arguments: () => [],
  facts: null,
  // Nothing that they are given names a file.
  proseArguments: 'all',
} as const satisfies Partial<ServerDefinition>;
