import { batchTokens, type Drawn, type LocalModel, type LocalSequence } from './llama-library.ts';
import type { Sampling } from './model-client.ts';

type Batch = readonly number[];

/**
 * One conversation's tokens in the batches in which they went through the model. A batch's size changes the last bits of
 * what comes out (seen: 0.08 of a probability), so a conversation that lost its place goes through again batch by batch:
 * equal conversations have equal numbers, whatever runs beside them.
 */
export interface Conversation {
  batches: readonly Batch[];
}

export interface DrawRequest {
  readonly conversation: Conversation;
  /** Token ids to append before drawing; no batch reaches across two pieces. */
  readonly pieces: readonly Batch[];
  readonly sampling: Sampling;
  readonly signal: AbortSignal;
  /** From when its turn has come; then it rejects with the `TimeoutError` of `AbortSignal.timeout`. */
  readonly timeoutMilliseconds: number;
  /** Gets each drawn token and says whether to go on; the last one stays out of the conversation. */
  readonly use: (drawn: Drawn) => boolean;
}

/** The places in which a model holds conversations. */
export interface Sequences {
  /** Draws one reply, one conversation after the other. Returns how many tokens went through the model. */
  readonly draw: (request: DrawRequest) => Promise<number>;
}

interface Place {
  readonly sequence: LocalSequence;
  owner: Conversation | null;
  batches: Batch[];
}

/** Places are kept for so many conversations at once; the one unused for longest gives way. */
export const mostPlaces = 4;
/** Room of a new place; doubled as needed, since all of it costs memory from the start. */
const leastContextTokens = 4_096;

export function makeSequences(model: LocalModel): Sequences {
  /** Most recently used last. */
  const places: Place[] = [];
  let last: Promise<unknown> = Promise.resolve();

  /** Takes the conversation's own place out, else a new one, else that which begins most alike and was unused for longest. */
  const takePlace = async (
    conversation: Conversation,
    wanted: readonly Batch[],
    needed: number,
    most: number,
  ): Promise<Place> => {
    let index = places.findIndex(({ owner }) => owner === conversation);
    if (index < 0 && places.length >= mostPlaces) {
      const alike = places.map(({ batches }) => sharedBatches(batches, wanted));
      index = alike.indexOf(Math.max(...alike));
    }
    const [old] = index < 0 ? [] : places.splice(index, 1);
    if (old && old.sequence.contextTokens >= needed) return old;
    await old?.sequence.close();
    let room = leastContextTokens;
    while (room < needed) room *= 2;
    return { sequence: await model.open(Math.min(room, most)), owner: null, batches: [] };
  };

  /** Makes the place hold `wanted`: cuts off what differs, in whole batches, and appends the rest. */
  const fill = async (place: Place, wanted: readonly Batch[], signal: AbortSignal): Promise<number> => {
    const same = sharedBatches(place.batches, wanted);
    if (same < place.batches.length) {
      place.batches.length = same;
      await place.sequence.keep(tokensIn(place.batches));
    }
    for (const batch of wanted.slice(same)) {
      signal.throwIfAborted();
      await place.sequence.evaluate(batch);
      place.batches.push(batch);
    }
    return tokensIn(wanted.slice(same));
  };

  const draw: Sequences['draw'] = async ({ conversation, pieces, sampling, use, ...request }) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMilliseconds)]);
    signal.throwIfAborted();
    const wanted = [...conversation.batches, ...pieces.flatMap(inBatches)];
    const final = wanted.pop() ?? [];
    const needed = tokensIn(wanted) + final.length + sampling.outputTokens;
    const place = await takePlace(conversation, wanted, needed, sampling.contextTokens);
    try {
      let evaluated = await fill(place, wanted, signal);
      let next: Batch = final;
      signal.throwIfAborted();
      for await (const drawn of place.sequence.draw(final, sampling)) {
        place.batches.push(next);
        evaluated += next.length;
        next = [drawn.id];
        signal.throwIfAborted();
        if (!use(drawn)) break;
      }
      conversation.batches = [...place.batches];
      place.owner = conversation;
      places.push(place);
      return evaluated;
    } catch (error) {
      await place.sequence.close();
      throw error;
    }
  };
  return {
    draw: (request) => {
      const turn = last.then(() => draw(request));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

const tokensIn = (batches: readonly Batch[]): number => batches.reduce((sum, { length }) => sum + length, 0);

const isEqual = (a: Batch | undefined, b: Batch | undefined): boolean =>
  a !== undefined && b !== undefined && a.length === b.length && a.every((id, index) => id === b[index]);

/** How many leading batches of the first the second begins with. */
function sharedBatches(batches: readonly Batch[], wanted: readonly Batch[]): number {
  const differs = batches.findIndex((batch, index) => !isEqual(batch, wanted[index]));
  return differs < 0 ? batches.length : differs;
}

function inBatches(ids: Batch): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < ids.length; start += batchTokens) batches.push(ids.slice(start, start + batchTokens));
  return batches;
}
