import type { Strictness, TextTest } from '../../core/goal-types.ts';
import type { Category } from '../../core/reward-types.ts';
import type { JsonObject } from '../../core/json.ts';

/** A file of a user's own tasks, as YAML says it; in JSON Lines the first line may be the file without `tasks`. */
export interface TaskFile {
  /** For editors; never read. */
  readonly $schema?: string;
  /** What the suite is called in records; by default the file's name without its ending. */
  readonly name?: string;
  readonly summary?: string;
  /**
   * Servers of one's own, as MCP clients write them. `${VARIABLE}` and `${VARIABLE:-default}` are replaced from the
   * environment, `{HERE}` by the task file's folder, `{FOLDER}` by the server's folder in its world.
   */
  readonly mcpServers?: Readonly<Record<string, object>>;
  /** Of the episodes of all these tasks, in place of the usual limits. */
  readonly contextTokens?: number;
  readonly resultTokens?: number;
  readonly tasks: readonly OwnTask[];
}

export interface ToolCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments?: JsonObject;
}

/** One of several messages: its text alone, or with what carries it out. */
export type OwnMessage =
  | string
  | {
      readonly text: string;
      /** Calls that `after` numbers from 0 within the message. */
      readonly plan?: OwnTask['plan'];
      readonly answer?: string;
    };

export interface OwnTask {
  readonly id: string;
  /** Either this or `messages`. */
  readonly prompt?: string;
  /** What the user says one after the other: a call of `finish` ends a message, the last one the episode. */
  readonly messages?: readonly OwnMessage[];
  /** Where it belongs as policies learn; by default a third by the hash of its id. */
  readonly split?: 'train' | 'validation' | 'test';
  /** The prompt in vague words: the split `fuzzy`. */
  readonly fuzzy?: string;
  /** Names from `toolstone servers` or from `mcpServers`. */
  readonly servers: readonly string[];
  /** Server → files by path that it starts with. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Server → folder beside the task file whose files it starts with. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Calls made before the episode, after the files are in place. */
  readonly setUp?: readonly ToolCall[];
  readonly checks: readonly OwnCheck[];
  readonly rubric?: readonly { readonly criterion: string; readonly weight?: number; readonly category?: Category }[];
  readonly plan?: readonly (ToolCall & { readonly after?: readonly number[] })[];
  /** The answer that goes with the plan. */
  readonly answer?: string;
  readonly mostTurns?: number;
  /** In place of the file's. */
  readonly contextTokens?: number;
  readonly resultTokens?: number;
}

/** As in core, but that a number may be meant exactly. */
export type OwnTest =
  | Exclude<TextTest, { readonly number: number }>
  | { readonly number: number; readonly tolerance?: number; readonly strictness?: Strictness };

export type OwnCheck = { readonly name?: string } & (
  | ({ readonly file: { readonly server: string; readonly path: string } } & (OwnTest | { readonly absent: true }))
  | ({ readonly result: ToolCall & { readonly path?: string } } & OwnTest)
  /** The last answer, or that to a message of several, from 0. */
  | { readonly answer: OwnTest; readonly message?: number }
  | { readonly called: ToolCall }
  | { readonly neverCalled: ToolCall }
  /** Nothing else of this server changes but these paths. */
  | { readonly unchanged: string; readonly except?: readonly string[] }
  /** A program that exits with 0 for a yes; `{SERVER}` in an argument is that server's folder. */
  | { readonly script: readonly string[] }
  /** A module of one's own, beside the task file, that gives true for a yes, false or a sentence for a no. */
  | { readonly verifier: string }
  /** What no code decides, in words: an episode that passes all other checks has no success, but goes to a judge. */
  | { readonly judged: string }
);
