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
