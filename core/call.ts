import type { JsonObject } from './json.ts';
import type { MediaNote } from './media.ts';
import type { ViewEvent } from './view-types.ts';

/** A call of one meta-tool, e.g. `{ name: 'call_tool', arguments: { server, tool, arguments } }`. */
export interface Action {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** One appended message, cut to the context budget. `source` is the ledger's column. */
export interface Observation {
  readonly text: string;
  readonly isError: boolean;
  readonly source: 'schemas' | 'results' | 'history';
  /** Server whose schemas or result this is; '' for the view itself. */
  readonly server: string;
  /** Tokens cut off by the context budget. */
  readonly cutTokens: number;
  /** Where schemas stand in the text of a result, in UTF-16 units: start and end. They count as schemas and are no part of its budget. */
  readonly schemaSpan?: readonly [number, number];
  /** Of schemas of several servers: whose they are, and up to which place of the text, in UTF-16 units; in their order. */
  readonly schemaParts?: readonly { readonly server: string; readonly end: number }[];
  /** Images and sound that the policy got as they are, in the order of their lines; of policies that take some alone. */
  readonly media?: readonly MediaNote[];
}

/** What was asked, what the policy was shown of its result, what the view counted. */
export interface Call {
  readonly action: Action;
  /** How the policy wrote it, in a view in which each tool is a function of its own; `action` then says what it means. */
  readonly written?: Action;
  readonly observation: Observation;
  readonly event: ViewEvent;
  /** A program made it, which got its result: the policy was not shown it. */
  readonly isInside?: true;
}

/** A call that a policy asks for. */
export interface RequestedCall {
  readonly action: Action;
  /** Why it is not carried out, in words for the policy, which gets them in place of a result. */
  readonly refusal?: string;
}

/**
 * Why a reply held no call that could be carried out: there was none (`no-call`), it could not be read (`unreadable-call`), the
 * reply was cut at the token bound before one (`cut`), or the endpoint could not read its own model's call (`unparsed-by-server`).
 */
export type LostTurn = 'no-call' | 'unreadable-call' | 'cut' | 'unparsed-by-server';
