import type { JobMessage } from '../run/episode.ts';
import type { Failure } from '../run/job-worker.ts';
import { keyText } from '../trajectory.ts';

/** How a piece of work ended at a worker. */
export type PieceEnd = { readonly kind: 'done' } | ({ readonly kind: 'failed' } & Failure);

/**
 * Messages of a piece of work on their way to the coordinator. A piece that its worker could not finish is given to another, which
 * begins again: an attempt. The parcels of an attempt are numbered from 0.
 */
export interface Parcel {
  readonly piece: string;
  readonly attempt: string;
  /** The higher the later it was begun; it may repeat where a Redis has lost what it wrote last. */
  readonly turn: number;
  readonly ordinal: number;
  /** Updates of the checkpoint that the attempt went on from; `null`: it began at the start. */
  readonly from: number | null;
  readonly messages: readonly JobMessage[];
  readonly end?: PieceEnd;
}

/** What the coordinator does with a parcel: uses what it is given, drops it, or gives the piece out anew, since something is lost. */
export type Sorted =
  | { readonly kind: 'use'; readonly messages: readonly JobMessage[] }
  | { readonly kind: 'drop' }
  | { readonly kind: 'anew' };

const drop: Sorted = { kind: 'drop' };
const anew: Sorted = { kind: 'anew' };

/** What has come of a piece of work so far. */
export interface PieceLedger {
  /** Whether a parcel counts, and what of it. */
  readonly sort: (parcel: Parcel) => Sorted;
  /** Keys of the episodes that were used, beyond those that were written before. */
  readonly keys: () => readonly string[];
  /** The piece is given out anew, so that turns begin again; what was used of it stays used. */
  readonly beginAnew: () => void;
}

/**
 * Keeps one attempt of a piece apart from another: the newest counts, each parcel of it once and in order. An attempt that went on from
 * an older checkpoint than the record holds, or of which a parcel was lost, is no attempt at what is owed. `from` is the checkpoint that
 * the piece is given out with.
 */
export function pieceLedger(from: number | null): PieceLedger {
  let attempt: string | undefined;
  let turn = 0;
  let ordinal = -1;
  let update = from;
  /** Episodes told as progress that are not behind a checkpoint: an attempt that begins again tells them again. */
  let loose = 0;
  const keys = new Set<string>();
  const use = (messages: readonly JobMessage[]): JobMessage[] =>
    messages.filter((message) => {
      if (message.kind === 'checkpoint') [update, loose] = [message.update, 0];
      if (message.kind === 'progress') loose += message.episodes;
      // What was recorded of an episode goes with its record.
      if (message.kind === 'recorded') return !keys.has(message.episode);
      if (message.kind !== 'episode') return true;
      const key = keyText(message.key);
      return !keys.has(key) && keys.add(key);
    });
  return {
    keys: () => [...keys],
    beginAnew: () => {
      [attempt, turn] = [undefined, 0];
    },
    sort: (parcel) => {
      if (parcel.turn < turn) return drop;
      if (parcel.ordinal === 0 && parcel.attempt !== attempt) {
        if (parcel.from !== update) return anew;
        const told = loose;
        [attempt, turn, ordinal, loose] = [parcel.attempt, parcel.turn, 0, 0];
        const again: JobMessage[] = told === 0 ? [] : [{ kind: 'progress', episodes: -told }];
        return { kind: 'use', messages: [...again, ...use(parcel.messages)] };
      }
      if (parcel.attempt !== attempt || parcel.ordinal <= ordinal) return drop;
      if (parcel.ordinal > ordinal + 1) return anew;
      ordinal = parcel.ordinal;
      return { kind: 'use', messages: use(parcel.messages) };
    },
  };
}
