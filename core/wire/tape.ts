import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { WorldFailure } from '../errors.ts';
import { errorOf, failureOf, isRefusal } from './failures.ts';
import type { Recording } from './recording.ts';
import type { Exchange, RecordedEpisode, Replayed } from './wire-types.ts';

/** Through which all requests of one episode to servers and models go. */
export interface Tape {
  /**
   * What `request` gives on a connection: by the recording, else by `live`. Requests of a connection are told apart by all that
   * went before them on it, so that they must come in order. `what` names the request in words. Rejects as `live` does, and with
   * `WorldFailure` where only a recording may answer and it does not.
   */
  readonly exchange: <T>(connection: string, request: unknown, what: string, live: () => Promise<T>) => Promise<T>;
}

export interface RecordingTape extends Tape {
  readonly recorded: () => RecordedEpisode;
}

export interface ReplayingTape extends Tape {
  readonly replayed: () => Replayed;
}

/** Takes secrets out of plain data. */
export type Conceal = <T>(value: T) => T;

/** What an episode is known by, and the start of its keys: its world's start state and seed. */
export interface TapeOptions {
  readonly episode: string;
  readonly start: string;
  readonly conceal: Conceal;
}

/** Writes down all that is asked and answered, without secrets; what is neither answer nor known failure is not written. */
export function recordingTape({ episode, start, conceal }: TapeOptions): RecordingTape {
  const exchanges: Exchange[] = [];
  const keyFor = keys(start, conceal);
  return {
    exchange: (connection, request, _what, live) =>
      exchanged({ key: keyFor(connection, request), connection }, live, (one) => exchanges.push(one)),
    // In the order of connections: those that are used at a time end in no order.
    recorded: () =>
      conceal({ episode, exchanges: exchanges.toSorted((a, b) => compareTexts(a.connection, b.connection)) }),
  };
}

export interface ReplayOptions extends TapeOptions {
  readonly recording: Recording;
  /** Nobody else is asked. */
  readonly isStrict: boolean;
}

/**
 * Answers by the recording of the same episode, else by that of any other which began in the same state and asked the same. Once a
 * connection has gone live it stays so: nothing that follows was recorded.
 */
export function replayingTape({ episode, start, conceal, recording, isStrict }: ReplayOptions): ReplayingTape {
  const own = recording.exchangesOf(episode);
  const keyFor = keys(start, conceal);
  const liveConnections = new Set<string>();
  const missed: string[] = [];
  let answered = 0;
  const answerTo = (key: string) => own.get(key) ?? recording.find(key);
  /** This episode was the first to be told that the model takes no functions, and now another one was. */
  const afterRefusal = (connection: string, before: string, request: unknown) => {
    const refused = [...own.values()].find((one) => one.connection === connection && isRefusal(one));
    if (refused === undefined || before !== start) return undefined;
    keyFor.back(connection, refused.key);
    return own.get(keyFor(connection, request));
  };
  return {
    exchange: async <T>(connection: string, request: unknown, what: string, live: () => Promise<T>) => {
      const before = keyFor.last(connection);
      const isLive = liveConnections.has(connection);
      const found = isLive
        ? undefined
        : (answerTo(keyFor(connection, request)) ?? afterRefusal(connection, before, request));
      if (found) {
        answered += 1;
        if ('failure' in found) throw errorOf(found.failure);
        return found.answer as T;
      }
      const refusal = hasFunctions(request) ? recording.functionRefusal(connection) : undefined;
      if (refusal) {
        keyFor.back(connection, before);
        throw errorOf(refusal);
      }
      missed.push(what);
      liveConnections.add(connection);
      if (isStrict) throw missingAnswer(what);
      return live();
    },
    replayed: () => ({ episode, answered, missed }),
  };
}

/** What `live` gives or rejects with, told to `take` where it is an answer or a known failure. */
export async function exchanged<T>(
  { key, connection }: Pick<Exchange, 'key' | 'connection'>,
  live: () => Promise<T>,
  take: (exchange: Exchange) => void,
): Promise<T> {
  try {
    const answer = await live();
    take({ key, connection, answer });
    return answer;
  } catch (error) {
    const failure = failureOf(error);
    if (failure) take({ key, connection, failure });
    throw error;
  }
}

/** A strict replay lacks an answer. */
export const missingAnswer = (what: string): WorldFailure =>
  new WorldFailure(`The recording holds no answer to ${what}, and a strict replay asks nobody else`);

const compareTexts = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Of a request after all that `before` stands for. */
export const keyOf = (before: string, connection: string, request: unknown): string =>
  createHash('sha256')
    .update(`${before}\n${connection}\n${JSON.stringify(request)}`)
    .digest('hex');

/** The key of each next request of a connection; `back` takes the last one back. */
function keys(start: string, conceal: Conceal) {
  const last = new Map<string, string>();
  const lastOf = (connection: string): string => last.get(connection) ?? start;
  const next = (connection: string, request: unknown): string => {
    const key = keyOf(lastOf(connection), connection, conceal(request));
    last.set(connection, key);
    return key;
  };
  return Object.assign(next, {
    last: lastOf,
    back: (connection: string, key: string) => void last.set(connection, key),
  });
}

/**
 * A chat that offers functions. An endpoint that takes none says so once, whichever episode asks first, and all others then ask in text: a
 * replay may play them in another order.
 */
const hasFunctions = (request: unknown): boolean =>
  Array.isArray(request) && Array.isArray(request[1]) && request[1].length > 0;

const tapes = new AsyncLocalStorage<Tape>();

/** Runs an episode's work with its tape, which `currentTape` gives to whatever speaks to a model in it. */
export const withTape = <T>(tape: Tape, work: () => Promise<T>): Promise<T> => tapes.run(tape, work);

export const currentTape = (): Tape | undefined => tapes.getStore();
