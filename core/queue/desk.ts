import type { JobMessage, Resume } from '../run/episode.ts';
import { errorOf, type JobRequest } from '../run/job-worker.ts';
import { pieceLedger, type Parcel, type PieceLedger } from './parcels.ts';

/** Where pieces of work wait for workers. */
export interface PieceStore {
  readonly add: (piece: string, request: JobRequest) => Promise<void>;
  /** For whoever begins the piece again: it goes on from there. */
  readonly replace: (piece: string, request: JobRequest) => Promise<void>;
}

/** The coordinator's desk: which pieces of work are given out, and what comes back of them. */
export interface PieceDesk {
  /** Gives a piece out; resolves once all of it has come back. */
  readonly giveOut: (request: JobRequest, listen: (message: JobMessage) => void) => GivenOut;
  /** Uses a parcel, once and in order; whatever is of no piece on the desk is dropped. */
  readonly take: (parcel: Parcel) => Promise<void>;
  /** Pieces that have not come back. */
  readonly pieces: () => readonly string[];
  /** Gives those out anew, whose traces are lost. */
  readonly giveOutAnew: () => void;
  /** Ends a piece that nobody can play, or all of them and those that would follow. */
  readonly fail: (error: Error, piece?: string) => void;
}

export interface GivenOut {
  readonly done: Promise<void>;
  /** What comes back of it from now on is dropped. */
  readonly withdraw: (error: Error) => void;
}

interface Entry {
  readonly request: JobRequest;
  readonly listen: (message: JobMessage) => void;
  readonly end: PromiseWithResolvers<void>;
  readonly ledger: PieceLedger;
}

export function pieceDesk(store: PieceStore): PieceDesk {
  const entries = new Map<string, Entry>();
  let failure: Error | undefined;
  let count = 0;
  const putOut = (entry: Entry): void => {
    const piece = `piece-${++count}`;
    entries.set(piece, entry);
    store.add(piece, entry.request).catch((error: Error) => {
      entries.delete(piece);
      entry.end.reject(error);
    });
  };
  /** Under another name: parcels of the old one are of nobody's. */
  const putOutAnew = (piece: string): void => {
    const entry = entries.get(piece);
    if (!entry) return;
    entries.delete(piece);
    entry.ledger.beginAnew();
    putOut(entry);
  };
  const goOnFrom = async (piece: string, entry: Entry, resume: Resume): Promise<void> => {
    const { request, ledger } = entry;
    const later = { ...request, resume, done: [...new Set([...request.done, ...ledger.keys()])] };
    entries.set(piece, { ...entry, request: later });
    await store.replace(piece, later);
  };
  return {
    giveOut: (request, listen) => {
      const end = Promise.withResolvers<void>();
      if (failure) end.reject(failure);
      else putOut({ request, listen, end, ledger: pieceLedger(request.resume?.update ?? null) });
      const withdraw = (error: Error) => {
        for (const [piece, entry] of entries) if (entry.end === end) entries.delete(piece);
        end.reject(error);
      };
      return { done: end.promise, withdraw };
    },
    take: async (parcel) => {
      const entry = entries.get(parcel.piece);
      if (!entry) return;
      const sorted = entry.ledger.sort(parcel);
      if (sorted.kind === 'anew') return putOutAnew(parcel.piece);
      if (sorted.kind === 'drop') return;
      try {
        sorted.messages.forEach(entry.listen);
      } catch (error) {
        entries.delete(parcel.piece);
        return entry.end.reject(error);
      }
      const checkpoint = sorted.messages.findLast((message) => message.kind === 'checkpoint');
      if (parcel.end === undefined) {
        if (checkpoint) await goOnFrom(parcel.piece, entry, checkpoint);
        return;
      }
      entries.delete(parcel.piece);
      if (parcel.end.kind === 'done') entry.end.resolve();
      else entry.end.reject(errorOf(parcel.end));
    },
    pieces: () => [...entries.keys()],
    giveOutAnew: () => [...entries.keys()].forEach(putOutAnew),
    fail: (error, only) => {
      if (only === undefined) failure = error;
      for (const [piece, { end }] of entries) {
        if (only !== undefined && piece !== only) continue;
        entries.delete(piece);
        end.reject(error);
      }
    },
  };
}
