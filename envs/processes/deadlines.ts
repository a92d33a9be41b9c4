import type { ServerDefinition } from '../server-definition.ts';
import { startTimesOf } from './start-times.ts';

/** Deadlines in milliseconds that the user gave for all servers; they go before those of a server's own block. */
export interface Deadlines {
  readonly start?: number;
  readonly call?: number;
  readonly ceiling?: number;
}

const FIRST_START_MILLISECONDS = 60_000;
const LEAST_START_MILLISECONDS = 30_000;
/** A start may take this many times what it usually takes here. */
const START_FACTOR = 5;
/** Calls of users' own servers may wait for other machines; those of the catalogue do not. */
const OWN_CALL_FACTOR = 6;
/** Most that a call of a user's own server may take while it tells of progress. */
const OWN_CEILING_MILLISECONDS = 600_000;

let chosen: Deadlines = {};

/** Sets what the user gave, for this thread. */
export const chooseDeadlines = (deadlines: Deadlines): void => void (chosen = deadlines);

/** What the user gave, for another thread or process to choose. */
export const chosenDeadlines = (): Deadlines => chosen;

/** Milliseconds within which a server must shake hands, and again within which it must list its tools. */
export function startDeadlineOf(definition: ServerDefinition): number {
  const seconds = definition.own?.source.block.startDeadline;
  return chosen.start ?? (seconds === undefined ? usualStart(startTimesOf(definition)) : seconds * 1000);
}

function usualStart(times: readonly number[]): number {
  if (times.length === 0) return FIRST_START_MILLISECONDS;
  const sorted = times.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number];
  return Math.max(LEAST_START_MILLISECONDS, (START_FACTOR * (low + high)) / 2);
}

/** Milliseconds within which a server must answer a call; `usual` is what one of the catalogue has. */
export function callDeadlineOf({ own }: ServerDefinition, usual: number): number {
  const seconds = own?.source.block.callDeadline;
  return chosen.call ?? (seconds === undefined ? usual * (own ? OWN_CALL_FACTOR : 1) : seconds * 1000);
}

/** Milliseconds that a call may take in all where its server, a user's own, tells of progress; never less than `deadline`. */
export function callCeilingOf({ own }: ServerDefinition, deadline: number): number {
  if (!own) return deadline;
  const seconds = own.source.block.callCeiling;
  const ceiling = chosen.ceiling ?? (seconds === undefined ? OWN_CEILING_MILLISECONDS : seconds * 1000);
  return Math.max(deadline, ceiling);
}
