/**
 * The nouns of Toolstone. It imports other nouns alone; everything else implements or consumes it.
 * Data types are frozen and serialisable; behaviour types hold functions and are disposed of by their owner.
 */

import type { AliasDraw, Aliasing } from './alias-types.ts';
import type { Translation } from './aliases/translation.ts';
import type { Action, Call, LostTurn, Observation, RequestedCall } from './call.ts';
import type { Distractors, ToolCount } from './distractor-types.ts';
import type { Execution } from './execution.ts';
import type { Fact, Facts } from './facts.ts';
import type { EndedEpisode, Goal, Inspection } from './goal-types.ts';
import type { JsonObject } from './json.ts';
import type { Media } from './media.ts';
import type { PlannedCall, References, UserMessage } from './plan.ts';
import type { Rubric } from './reward-types.ts';
import type { splits } from './splits.ts';
import type { PhrasingOf } from './task-id.ts';
import type { Capture, Usage } from './usage.ts';
import type { ViewEvent, ViewOptions } from './view-types.ts';

export type { Action, Call, LostTurn, Observation, RequestedCall } from './call.ts';

/* ---- toolspace ---------------------------------------------------------------------------------------------- */

/** One tool as its MCP server lists it; `inputSchema` is JSON Schema, untouched. */
export interface Tool {
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** The rest of what a user's own server says of it; of the catalogue's servers it is not shown, and so not kept. */
  readonly title?: string;
  readonly annotations?: JsonObject;
  readonly outputSchema?: JsonObject;
}

/** A server as `list_servers` shows it: its name and one line of our own words. */
export interface ServerCard {
  readonly name: string;
  readonly summary: string;
  /** What a user's own server tells every client at the start. */
  readonly instructions?: string;
}

/** An MCP tool result, its parts as text joined by newlines. A tool's own failure is `isError`, never an exception. */
export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
  /** JSON of its structured content, for checks; the text shows what of it no text part says. */
  readonly structured?: string;
  /** What the text has a line for each of, in order. */
  readonly media?: readonly Media[];
  /** What the policy is told beside the result, and no check reads. */
  readonly notice?: string;
  /** All tools of the server from now on, where it said that they have changed. */
  readonly tools?: readonly Tool[];
}

/** All servers and tools of one episode, fixed for its length. */
export interface Toolspace {
  readonly servers: readonly ServerCard[];
  readonly tools: readonly Tool[];
}

/* ---- world -------------------------------------------------------------------------------------------------- */

/** Path below a server's own folder → UTF-8 text. A path that ends in `/` is an empty folder (text ''). */
export type Files = Readonly<Record<string, string>>;

/** What an episode's world starts from: the offered servers and the files that stateful ones begin with. */
export interface WorldParameters {
  readonly servers: readonly string[];
  /** Server name → files; a stateful server that is absent starts from its empty fixture. */
  readonly files: Readonly<Record<string, Files>>;
  /** Calls made once the files are in place; the episode starts from what they leave. */
  readonly setUp?: readonly Pick<PlannedCall, 'server' | 'tool' | 'arguments'>[];
  /** What draws the names that its servers, tools and parameters go by; absent: their own. Files and set-up calls are by real names. */
  readonly aliases?: AliasDraw;
}

/** A live, isolated set of MCP servers in a clean state. One episode at a time; the pool resets it between episodes. */
export interface World {
  readonly toolspace: Toolspace;
  /** Between the names in it and real ones; absent where those are the same. */
  readonly translation?: Translation;
  /** Path that policy and record see for the world's root, the same on every machine and lane. */
  readonly root: string;
  /** SHA-256 (hex) of the state from which the episode starts, proved equal to the fixture's. */
  readonly startHash: string;
  /** Facts that set-up calls left; absent without such calls, where those of the fixture hold. */
  readonly start?: Facts;
  /** Why the set-up calls came to nothing; whatever is asked of the world then rejects with it. */
  readonly fault?: Error;
  /** Calls a tool. Rejects with `WorldFailure` when the server died or missed its deadline: the episode is then void. */
  readonly call: (server: string, tool: string, args: JsonObject) => Promise<ToolResult>;
  /** End state as facts; reads only. */
  readonly evidence: () => Promise<Facts>;
  /** Facts `inspected` in the order asked, after `evidence`. Rejects with `TaskFailure` where one cannot be made. */
  readonly inspect: (inspections: readonly Inspection[], episode: EndedEpisode) => Promise<readonly Fact[]>;
}

/** Lends reset worlds; `dispose` stops every child process. */
export interface WorldPool {
  /** Waits for a free lane, resets it, runs `work`, and gives the lane back whatever happens; `key` is the episode's, for recordings. */
  readonly use: <T>(of: WorldParameters, seed: number, work: (world: World) => Promise<T>, key?: string) => Promise<T>;
  /** Facts of a fixture without starting a server: what `evidence` would say of an untouched world. */
  readonly factsOf: (parameters: WorldParameters) => Facts;
  readonly toolspaceOf: (servers: readonly string[]) => Toolspace;
  readonly dispose: () => Promise<void>;
}

/* ---- task --------------------------------------------------------------------------------------------------- */

export type Split = (typeof splits)[number];

export interface Task {
  /** Unique in its suite, e.g. `basic/file-notes/test/0007`. */
  readonly id: string;
  readonly suite: string;
  readonly family: string;
  readonly split: Split;
  /** What the user asks, or asks first. */
  readonly prompt: string;
  /** All messages, where there are several: a call of `finish` ends one, and only then is the next shown. */
  readonly messages?: readonly UserMessage[];
  readonly world: WorldParameters;
  readonly plan: readonly PlannedCall[];
  readonly references?: References;
  /** Facts before the first call, per stateful server. */
  readonly initial: Facts;
  readonly goal: Goal;
  /** The answer that goes with the reference plan; '' where none is asked for. */
  readonly answer: string;
  /** Number of sub-goals, 1–4 in `basic`. */
  readonly subGoals: number;
  /** Counted requirements: planned calls, the longest chain of dependent ones, and servers, less one each of the latter. */
  readonly difficulty: number;
  /** Most turns of an episode; `null`: from the plan. */
  readonly mostTurns: number | null;
  /** Tokens that the task asks for in place of the usual limits. */
  readonly limits?: { readonly contextTokens?: number; readonly resultTokens?: number };
  readonly rubric: Rubric;
}

export interface Suite {
  readonly name: string;
  readonly summary: string;
  readonly splits: readonly Split[];
  readonly families: readonly string[];
  /** Files of the list of families that it is made from, where they are called otherwise than the families. */
  readonly familyFiles?: readonly string[];
  /** Servers offered in training, and those of all splits of held-out servers. */
  readonly servers: readonly string[];
  readonly heldOutServers: readonly string[];
  /** Servers that are offered beside those, and the suite among toolspaces of the sizes that jobs name; absent where there are none. */
  readonly distractors?: Distractors;
  readonly sizes?: { readonly all: readonly Distractors[]; readonly suiteOf: (tools: ToolCount) => Suite };
  /** The names that its tasks go by, and the same suite by real names; absent where those are the same. */
  readonly aliases?: { readonly aliasing: Aliasing; readonly real: Suite };
  /** Its tasks tell by names and summaries which of its servers they mean, so that those cannot go by others. */
  readonly namesItsServers?: true;
  /** What all its tasks ask for in place of the usual limits. */
  readonly limits?: Task['limits'];
  /** Tool view only: list all tool names in the prompt (small toolspaces) instead of on demand. */
  readonly toolNamesUpFront: boolean;
  /** Tasks of a user's own: what holds of one holds of no other, and one may have no plan. Absent: made by families. */
  readonly isOwn?: true;
  /** Not all tasks of their file are in it: records of the others are passed over. */
  readonly isPart?: true;
  /** `count` tasks of a split, families in rotation, the same for the same arguments on every machine. */
  readonly tasks: (split: Split, count: number, families?: readonly string[]) => readonly Task[];
  readonly phrasingOf?: PhrasingOf;
}

/* ---- actions, views ----------------------------------------------------------------------------------------- */

/** A meta-tool as offered to a model (constant for the episode). */
export interface MetaTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** Name of a file in `envs/views`, with settings where it has others than usual: `tool`, `search?k=8`. */
export type ViewName = string;

/** What the view has brought into the context so far, for policies that read structure rather than text. */
export interface Visible {
  readonly servers: readonly ServerCard[];
  /** Tools whose names the context shows (server → names). */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Tools whose schemas the context shows, in order of appearance. */
  readonly loaded: readonly Tool[];
  /** What a program calls a server; only where the policy may write programs. */
  readonly inProgram?: (server: string) => string;
  /** JSON Schema of what a tool gives programs, where that is known; only where tools are shown as declarations. */
  readonly resultShape?: (tool: Tool) => JsonObject | undefined;
}

export interface ViewReply {
  readonly observation: Observation;
  readonly event: ViewEvent;
  /** Of a tool's call, what the tool gave, for programs. */
  readonly result?: ToolResult;
  /** Of a program, its calls, and why the world could not go on. */
  readonly inside?: readonly Call[];
  readonly broken?: { readonly error: unknown };
  /** What came beside the text. */
  readonly media?: readonly Media[];
  /** Present on `finish`. */
  readonly finished?: { readonly answer: string };
}

/** A toolspace seen through constant meta-tools, for one episode. */
export interface View {
  readonly name: ViewName;
  /** Absent: `calls`. */
  readonly execution?: Execution;
  readonly metaTools: readonly MetaTool[];
  /** System prompt; `schemas`: its parts that show schemas (eager), as substrings, in order, or parts of the list of functions (native). */
  readonly system: string;
  readonly schemas: readonly { readonly server: string; readonly text: string }[];
  readonly visible: Visible;
  /** Present where each tool is a function of its own. */
  readonly functions?: FunctionCalls;
  readonly act: (action: Action) => Promise<ViewReply>;
  /** Ends the episode, where that frees something. */
  readonly close?: () => void;
}

/** Between calls of `call_tool` and those of the functions that stand for tools; any other action stays as it is. */
export interface FunctionCalls {
  readonly written: (action: Action) => Action;
  readonly meant: (action: Action) => Action;
}

export type OpenView = (world: World, options: ViewOptions) => View;

/* ---- policy ------------------------------------------------------------------------------------------------- */

/** What a policy does next: one call or more, carried out in order. */
export interface Decision {
  readonly calls: readonly [RequestedCall, ...RequestedCall[]];
  /** Set where none of the calls is real: the one there is stands for the turn and holds the refusal. */
  readonly lost?: LostTurn;
  /** Calls that stood in the reply's text, which goes back as it was. */
  readonly callsInText?: true;
  /** A model's raw reply, thinking included. */
  readonly text?: string;
  /** What stands of `text` in the prompts that follow, where that is not all of it: thinking that is not sent back, say. */
  readonly history?: string;
  /** Why the model stopped, in the endpoint's words: `stop`, `length`, `tool_calls` … */
  readonly finishReason?: string;
  /** Natural logarithm, where the policy has one. */
  readonly logProbability?: number;
  readonly usage?: Usage;
  readonly capture?: Capture;
}

/** What a policy may know of its episode. */
export interface EpisodeStart {
  readonly taskId: string;
  readonly prompt: string;
  readonly system: string;
  readonly metaTools: readonly MetaTool[];
  readonly view: ViewName;
  /** Absent: `calls`. */
  readonly execution?: Execution;
  readonly visible: Visible;
  /** World root as policy and record see it. */
  readonly root: string;
  /** Seed of this episode's policy stream. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly mediaOf?: (sha256: string) => Media | undefined;
}

export interface PolicySession {
  /** Gets what followed its last calls, in their order, and, where that ended a message of several, the next; neither at first. */
  readonly act: (observations: readonly Observation[], user?: string) => Promise<Decision> | Decision;
}

export interface Policy {
  readonly name: string;
  /** Wants images and sound as they are, beside the lines that tell of them. */
  readonly takesMedia?: true;
  /** Functions of tools stand in its requests, and its endpoint decides which of them it is shown. */
  readonly defersTools?: true;
  readonly start: (episode: EpisodeStart) => PolicySession;
}
