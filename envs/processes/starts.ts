import { setTimeout as delay } from 'node:timers/promises';
import { WorldFailure } from '../../core/errors.ts';
import { StartFailure } from './start-failure.ts';

/** A machine may be too busy for a moment, or a licence server out of reach. */
const TRIES = 2;
const PAUSE_MILLISECONDS = 500;

/** Names of servers that have started while this thread lives. */
const startedServers = new Set<string>();

/** Remembers that a server can be started here. */
export const noteStart = (server: string): void => void startedServers.add(server);

/** Tries a start again where it fails. Throws what the last try threw. */
export async function startInTries<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof StartFailure) || attempt === TRIES) throw error;
      await delay(PAUSE_MILLISECONDS);
    }
  }
}

/**
 * The same for a server of a world. Where one that has started before does not do so now, the world is at fault and no cure
 * of ours helps; where it never did, the user is told what to do.
 * @throws WorldFailure, StartFailure
 */
export async function startInWorld<T>(server: string, start: () => Promise<T>): Promise<T> {
  try {
    const result = await startInTries(start);
    noteStart(server);
    return result;
  } catch (error) {
    if (!(error instanceof StartFailure) || !startedServers.has(server)) throw error;
    throw new WorldFailure(`${error.fault} It was tried ${TRIES} times, and had started before`, { cause: error });
  }
}
