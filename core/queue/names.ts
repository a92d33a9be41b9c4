/* What a run is called in Redis. A database holds one run at a time; its queues are called after the session, so that nothing of an
 * earlier one can be taken for its own. */

export const prefix = 'toolstone';

/** Who coordinates: whoever holds this key, which expires unless it is renewed. */
export const holderKey = `${prefix}:coordinator`;

/** What is played, as the coordinator describes it. */
export const sessionKey = `${prefix}:session`;

/** The session of a run that has ended, for as long as its queues stand there: a Redis that is full gives them up only later. */
export const leavingKey = `${prefix}:leaving`;

export const piecesQueue = (session: string): string => `pieces-${session}`;
export const parcelsQueue = (session: string): string => `parcels-${session}`;

/** A coordinator that says nothing for so long is gone. */
export const holderMilliseconds = 10_000;
export const renewMilliseconds = 2_000;

/** A piece of work whose worker says nothing for so long is given to another, which is looked for as often as the second says. */
export const lockMilliseconds = 10_000;
export const stalledMilliseconds = 5_000;

/** Workers that may die over one piece of work before the run gives it up: one that ends every worker would go round for ever. */
export const mostDeaths = 10;

/** A run as it stands in Redis for workers to play. */
export interface Session {
  /** Of this try of the run. */
  readonly id: string;
  /** Name of the run. */
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  /** What the worker's machine has to have, and how it plays; the command line says what stands in it. */
  readonly description: unknown;
}
