import type { ToolResult } from '../../core/types.ts';

/** A published server whose tools are known and which is not run. */
export interface ListedSource {
  readonly name: string;
  /** npm package and its version, pinned. */
  readonly package: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  /** One line of our own words. */
  readonly summary: string;
  /** What the server said where it was called without network; absent: what clients say of a server that is gone. */
  readonly answer?: ToolResult;
  /** Drawn as a distractor only after all others, because its schemas are larger than those of all others together. */
  readonly isDrawnLast?: true;
  /** How it is started to be asked for its tools. `{FOLDER}` in its texts is a folder of its own. */
  readonly start: {
    readonly arguments: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    /** npm package with the program that runs it; absent: Node. */
    readonly runtime?: string;
    /** Dependency with a part that has to be compiled. */
    readonly rebuild?: string;
    /** Where it answers, of a server that speaks HTTP. */
    readonly url?: string;
    /** What lies in its folder. */
    readonly files?: Readonly<Record<string, string>>;
  };
}

/** How a server that is not run answers every call. */
export interface Listed {
  readonly source: ListedSource;
  readonly answer: ToolResult;
}

const permissive: ReadonlySet<string> = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause']);

/** Whether its list may come with Toolstone; that of another licence is kept on its user's machine alone. */
export const isPermissive = ({ licence }: Pick<ListedSource, 'licence'>): boolean => permissive.has(licence);
