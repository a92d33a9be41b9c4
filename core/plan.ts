import type { JsonObject } from './json.ts';

/** One call of the reference plan; `after` holds indices of calls whose results it depends on. */
export interface PlannedCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly after: readonly number[];
}

/** One of several messages of a user. */
export interface UserMessage {
  readonly text: string;
  /** Calls of the reference plan that carry it out, those of all messages being in their order. */
  readonly plannedCalls: number;
  /** The answer that goes with them; '' where none is asked for. */
  readonly answer: string;
}

/**
 * One step into what a call returns: a key, one of so many items of a list, the parts of a text between separators, or the one text of
 * a list of texts with a separator between them.
 */
export type ResultStep =
  string | { readonly item: number; readonly of: number } | { readonly split: string } | { readonly join: string };

/** Where a value that a plan needs stands in what an earlier call of it returns. */
export interface Reference {
  /** Place in the plan of the call that needs it; the plan's length where it is the answer. */
  readonly call: number;
  /** Keys that lead to it in the arguments of that call; none for the answer. */
  readonly argument: readonly (string | number)[];
  /** What stands there in front of what is taken, such as the folder of a name; '' for nothing. */
  readonly before: string;
  /** Place of the earlier call. */
  readonly from: number;
  readonly at: readonly ResultStep[];
  /** Regular expression, `^` and `$` at every line, whose first group is what is taken; absent: the whole text that stands there. */
  readonly pattern?: string;
}

/** Those of a plan; absent of a task that does not tell. */
export type References = readonly Reference[];
