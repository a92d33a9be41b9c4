import { errorOf } from './failures.ts';
import type { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { exchanged, keyOf, missingAnswer, type Conceal, type Tape } from './tape.ts';
import type { Exchange, RecordedEpisode, Replayed } from './wire-types.ts';

/** A tape for questions that belong to no episode, such as a judge's. */
export interface QuestionTape extends Tape {
  /** How far the recording answered, over all questions. */
  readonly replayed: () => Replayed;
}

/** Where answers come from, or go. */
export type QuestionSource =
  | { readonly recorder: Pick<Recorder, 'keep' | 'kept'> }
  | { readonly recording: Pick<Recording, 'exchangesOf'>; readonly isStrict: boolean };

/**
 * Questions are told apart by what they ask alone, so that they may come in any order; of equal ones the first is put, and all get its
 * answer. A recording that goes on keeps to the answers that it has, but for failures, which are asked again.
 */
export function questionTape(source: QuestionSource, conceal: Conceal): QuestionTape {
  const put = new Map<string, Promise<unknown>>();
  const missed: string[] = [];
  let answered = 0;

  const recorded = async (connection: string, key: string, live: () => Promise<unknown>, { keep, kept }: Keeping) => {
    const before = kept(key)?.exchanges[0];
    if (before && 'answer' in before) return before.answer;
    const take = (exchange: Exchange) => {
      const one: RecordedEpisode = { episode: key, exchanges: [exchange] };
      keep(key, JSON.stringify(conceal(one)));
    };
    return exchanged({ key, connection }, live, take);
  };
  const answerTo = async (connection: string, key: string, what: string, live: () => Promise<unknown>) => {
    if ('recorder' in source) return recorded(connection, key, live, source.recorder);
    const found = source.recording.exchangesOf(key).get(key);
    if (found) {
      answered += 1;
      if ('failure' in found) throw errorOf(found.failure);
      return found.answer;
    }
    missed.push(what);
    if (source.isStrict) throw missingAnswer(what);
    return live();
  };
  return {
    exchange: <T>(connection: string, request: unknown, what: string, live: () => Promise<T>) => {
      const key = keyOf('', connection, conceal(request));
      const answer = put.get(key) ?? answerTo(connection, key, what, live);
      put.set(key, answer);
      return answer as Promise<T>;
    },
    replayed: () => ({ episode: 'questions', answered, missed }),
  };
}

type Keeping = Pick<Recorder, 'keep' | 'kept'>;
