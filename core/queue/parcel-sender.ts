import { setTimeout as delay } from 'node:timers/promises';
import type { JobMessage } from '../run/episode.ts';
import type { Parcel, PieceEnd } from './parcels.ts';

/** Sends what comes of an attempt, in parcels. */
export interface ParcelSender {
  readonly add: (message: JobMessage) => void;
  /** Sends the rest and the end; resolves once all has arrived. */
  readonly end: (end: PieceEnd) => Promise<void>;
}

/** Messages are gathered for so long, since each parcel costs. */
const gatherMilliseconds = 2_000;

/** A parcel is full with so many characters. */
const parcelCharacters = 2 ** 20;

const retryMilliseconds = 1_000;

/**
 * `send` is tried until it succeeds, or until `signal` says that nobody waits for it any more; it is then known under the same ordinal, by
 * which whoever takes it twice knows that.
 */
export function parcelSender(
  attempt: Pick<Parcel, 'piece' | 'attempt' | 'turn' | 'from'>,
  send: (parcel: Parcel) => Promise<void>,
  signal: AbortSignal,
): ParcelSender {
  let waiting: JobMessage[] = [];
  let ordinal = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  const surely = async (parcel: Parcel): Promise<void> => {
    while (!signal.aborted)
      try {
        return await send(parcel);
      } catch {
        await delay(retryMilliseconds, undefined, { signal }).catch(() => undefined);
      }
  };
  const flush = (end?: PieceEnd): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const parcels = inParcels(waiting);
    waiting = [];
    if (end && parcels.length === 0) parcels.push([]);
    for (const [index, messages] of parcels.entries()) {
      const isLast = end !== undefined && index === parcels.length - 1;
      const parcel = { ...attempt, ordinal: ordinal++, messages, ...(isLast ? { end } : {}) };
      sending = sending.then(() => surely(parcel));
    }
    return sending;
  };
  return {
    add: (message) => {
      waiting.push(message);
      timer ??= setTimeout(() => void flush(), gatherMilliseconds);
    },
    end: flush,
  };
}

function inParcels(messages: readonly JobMessage[]): JobMessage[][] {
  const parcels: JobMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (parcels.length === 0 || room < size) {
      parcels.push([]);
      room = parcelCharacters;
    }
    parcels.at(-1)?.push(message);
    room -= size;
  }
  return parcels;
}

/** Characters, nearly. */
function sizeOf(message: JobMessage): number {
  if (message.kind === 'episode') return message.line.length;
  if (message.kind === 'checkpoint')
    return message.state.length + message.trajectories.reduce((sum, { length }) => sum + length, 0);
  if (message.kind === 'media') return message.media.content.length;
  if (message.kind === 'recorded') return message.entry.length;
  return 0;
}
