import type { PairTable } from './pair-table.ts';

/** Byte-pair merging of one pre-token at a time, in n log n of its bytes. */
export interface BytePairs {
  /** Token ids of a whole pre-token. */
  readonly ids: (bytes: Uint8Array) => number[];
  /**
   * Their number, step by step, so that a caller may pause. Long pre-tokens are merged in overlapping spans of
   * `spanBytes`; the result is that of the whole, see `countBySpans`.
   */
  readonly countInSteps: (bytes: Uint8Array, spanBytes?: number) => Generator<undefined, number>;
  /**
   * Counts beginnings of a pre-token that are pre-tokens themselves, by their bytes; each by merging its end alone, since
   * what comes before it is that of the longer ones.
   */
  readonly beginnings: (bytes: Uint8Array, spanBytes?: number) => (end: number) => number;
}

/** The beginning of a span: tokens before it, and the id of its first one, which the span before it found, too. */
interface Mark {
  readonly start: number;
  readonly total: number;
  readonly shared: number;
}

const firstMark: Mark = { start: 0, total: 0, shared: -1 };

const defaultSpanBytes = 16_384;
/** A span's tokens nearer to its end than a quarter of it are left to the next span: their bytes may still merge on. */
const overlapShare = 0.25;

export function makeBytePairs(table: PairTable): BytePairs {
  const merging = makeMerging(table);

  /**
   * Adjacent tokens of a merged span are a merged pair: merging just their bytes gives them again, since no merge
   * crosses the border between them. The reverse holds too: tokens of which every adjacent two are such a pair are the
   * tokens of the whole, since the first merge across a border would be made in that pair as well. So two overlapping
   * spans join exactly when the second begins with a token of the first. Where it does not, nothing is known.
   */
  function* countBySpans(bytes: Uint8Array, spanBytes: number): Generator<undefined, number | undefined> {
    for (let mark = firstMark; ;) {
      const found = mergeSpan(bytes, bytes.length, mark, spanBytes);
      if (typeof found !== 'object') return found;
      mark = found;
      yield undefined;
    }
  }

  /** Of a pre-token that ends at `length`: the next mark, its tokens where this span is the last, undefined where the spans do not join. */
  const mergeSpan = (
    bytes: Uint8Array,
    length: number,
    { start, total, shared }: Mark,
    spanBytes: number,
  ): Mark | number | undefined => {
    const end = Math.min(length, start + spanBytes);
    const tokens = merging.merge(bytes, start, end);
    if (shared !== -1 && merging.id(0) !== shared) return undefined;
    if (end === length) return total + tokens;
    let last = tokens - 1;
    while (last > 0 && merging.start(last) > spanBytes * (1 - overlapShare)) last--;
    if (last === 0) return undefined;
    return { start: start + merging.start(last), total: total + last, shared: merging.id(last) };
  };

  const countInSteps: BytePairs['countInSteps'] = function* (bytes, spanBytes = defaultSpanBytes) {
    for (let span = spanBytes; ; span *= 4) {
      const total = yield* countBySpans(bytes, span);
      if (total !== undefined) return total;
    }
  };

  const beginnings: BytePairs['beginnings'] = (bytes, spanBytes = defaultSpanBytes) => {
    const marks: (Mark | undefined)[] = [firstMark];
    return (end) => {
      let at = 0;
      for (let mark = marks[0]; mark; mark = marks[++at]) {
        if (mark.start + spanBytes >= end) {
          const found = mergeSpan(bytes, end, mark, spanBytes);
          if (typeof found === 'number') return found;
          break;
        }
        if (at + 1 === marks.length) marks.push(mergeSpan(bytes, bytes.length, mark, spanBytes) as Mark | undefined);
      }
      return atOnce(countInSteps(bytes.subarray(0, end), 4 * spanBytes));
    };
  };

  return {
    ids: (bytes) => Array.from({ length: merging.merge(bytes, 0, bytes.length) }, (_, index) => merging.id(index)),
    countInSteps,
    beginnings,
  };
}

/** The number at the end of a count in steps. */
export function atOnce(steps: Generator<undefined, number>): number {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

interface Merging {
  /** Number of tokens that the bytes from `start` to `end` become; `id` and `start` tell of them until the next call. */
  readonly merge: (bytes: Uint8Array, start: number, end: number) => number;
  readonly id: (index: number) => number;
  /** Bytes before a token, from the beginning of the span. */
  readonly start: (index: number) => number;
}

/** A merge waits under one number: its rank, then the position of its left side, so that the leftmost comes first. */
const positionLimit = 2 ** 31;

/**
 * A linked list of tokens over byte positions and a heap of the merges that are possible in it. A merge leaves its token
 * at the left position. An entry of the heap is outdated when its rank is no longer the one of its position.
 */
function makeMerging({ byteIds, rank, mergedIds }: PairTable): Merging {
  let capacity = 0;
  let ids = new Int32Array();
  let next = new Int32Array();
  let previous = new Int32Array();
  let ranks = new Int32Array();
  let starts = new Int32Array();
  let heap = new MergeHeap(0);

  const reserve = (length: number): void => {
    if (length <= capacity) return;
    capacity = length;
    [ids, next, previous, ranks, starts] = Array.from({ length: 5 }, () => new Int32Array(length)) as [
      typeof ids, typeof ids, typeof ids, typeof ids, typeof ids,
    ]; // prettier-ignore
    heap = new MergeHeap(2 * length);
  };
  /** Enters the merge of a position with the one after it. */
  const enter = (position: number, after: number, length: number): void => {
    const found = after < length ? rank(ids[position] as number, ids[after] as number) : -1;
    ranks[position] = found;
    if (found !== -1) heap.push(found * positionLimit + position);
  };

  const merge: Merging['merge'] = (bytes, start, end) => {
    const length = end - start;
    reserve(length);
    for (let position = 0; position < length; position++) {
      ids[position] = byteIds[bytes[start + position] as number] as number;
      next[position] = position + 1;
      previous[position] = position - 1;
    }
    for (let position = 0; position < length; position++) enter(position, position + 1, length);
    for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
      const entryRank = Math.floor(entry / positionLimit);
      const position = entry - entryRank * positionLimit;
      if (ranks[position] !== entryRank) continue;
      const gone = next[position] as number;
      const after = next[gone] as number;
      ids[position] = mergedIds[entryRank] as number;
      next[position] = after;
      ranks[gone] = -1;
      if (after < length) previous[after] = position;
      enter(position, after, length);
      const before = previous[position] as number;
      if (before !== -1) enter(before, position, length);
    }
    let count = 0;
    for (let position = 0; position < length; position = next[position] as number) {
      ids[count] = ids[position] as number;
      starts[count] = position;
      count++;
    }
    return count;
  };
  return { merge, id: (index) => ids[index] as number, start: (index) => starts[index] as number };
}

/** Smallest number first. */
class MergeHeap {
  readonly #entries: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#entries = new Float64Array(capacity);
  }

  push(entry: number): void {
    const entries = this.#entries;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((entries[parent] as number) <= entry) break;
      entries[hole] = entries[parent] as number;
      hole = parent;
    }
    entries[hole] = entry;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const entries = this.#entries;
    const smallest = entries[0];
    const entry = entries[--this.#size] as number;
    let hole = 0;
    for (let child = 1; child < this.#size; child = 2 * hole + 1) {
      if (child + 1 < this.#size && (entries[child + 1] as number) < (entries[child] as number)) child++;
      if ((entries[child] as number) >= entry) break;
      entries[hole] = entries[child] as number;
      hole = child;
    }
    entries[hole] = entry;
    return smallest;
  }
}
