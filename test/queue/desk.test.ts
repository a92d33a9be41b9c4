import { array, assert, asyncProperty, integer, nat } from 'fast-check';
import { expect, test } from 'vitest';
import { pieceDesk, type PieceStore } from '../../core/queue/desk.ts';
import type { Parcel } from '../../core/queue/parcels.ts';
import type { JobMessage } from '../../core/run/episode.ts';
import type { JobRequest } from '../../core/run/job-worker.ts';
import type { Job } from '../../core/run-types.ts';

const job: Job = { name: 'a', rows: {}, seed: 1, policy: 'no-op', view: 'tool', training: null, evaluations: [] };
const request: JobRequest = { job, resume: null, done: [] };

const episode = (number: number): JobMessage => ({
  kind: 'episode',
  key: { job: 'a', phase: 'test', task: `t${number}`, repetition: 0 },
  line: `${number}`,
});
const played = (number: number): JobMessage[] => [episode(number), { kind: 'progress', episodes: 1 }];
const checkpoint = (update: number): JobMessage => ({
  kind: 'checkpoint',
  update,
  episodes: update,
  state: new Uint8Array([update]),
  trajectories: [],
  learning: [],
});

/** A desk with what was put into its store, and what was used of one piece. */
function deskOf() {
  const added: { piece: string; request: JobRequest }[] = [];
  const replaced: JobRequest[] = [];
  const store: PieceStore = {
    add: async (piece, one) => void added.push({ piece, request: one }),
    replace: async (_, one) => void replaced.push(one),
  };
  const desk = pieceDesk(store);
  const used: JobMessage[] = [];
  const given = desk.giveOut(request, (message) => used.push(message));
  const lines = () => used.flatMap((message) => (message.kind === 'episode' ? message.line : []));
  const progress = () => used.reduce((sum, one) => sum + (one.kind === 'progress' ? one.episodes : 0), 0);
  return { desk, added, replaced, used, given, lines, progress };
}

const parcel = (
  attempt: string,
  ordinal: number,
  messages: readonly JobMessage[],
  more: Partial<Parcel> = {},
): Parcel => ({
  piece: 'piece-1',
  attempt,
  ordinal,
  from: null,
  messages,
  ...more,
});
const done = { end: { kind: 'done' } } as const;

test('a piece comes back whole, once and in order, whatever is delivered twice', async () => {
  const { desk, given, lines, progress } = deskOf();
  const parcels = [parcel('x', 0, played(1)), parcel('x', 1, [...played(2), ...played(3)]), parcel('x', 2, [], done)];
  for (const one of parcels) {
    await desk.take(one);
    await desk.take(one);
  }
  await given.done;
  expect([lines(), progress(), desk.pieces()]).toEqual([['1', '2', '3'], 3, []]);
});

test('of an attempt that another one follows nothing more counts, and no episode is used twice', async () => {
  const { desk, given, lines, progress } = deskOf();
  await desk.take(parcel('killed', 0, [...played(1), ...played(2)]));
  await desk.take(parcel('second', 0, played(1)));
  await desk.take(parcel('killed', 1, [...played(3), ...played(4)], done));
  await desk.take(parcel('second', 1, [...played(2), ...played(3), ...played(4)], done));
  await given.done;
  expect([lines(), progress()]).toEqual([['1', '2', '3', '4'], 4]);
});

test('a training goes on from the newest checkpoint; an attempt from an older one is given out anew', async () => {
  const { desk, added, replaced, given } = deskOf();
  await desk.take(parcel('first', 0, [...played(1), checkpoint(4)]));
  expect(replaced.at(-1)).toMatchObject({ resume: { update: 4 }, done: ['a test t1 0'] });
  await desk.take(parcel('stale', 0, played(1)));
  expect(added.map(({ piece, request: one }) => [piece, one.resume?.update])).toEqual([
    ['piece-1', undefined],
    ['piece-2', 4],
  ]);
  await desk.take(parcel('stale', 1, [checkpoint(2)], done));
  expect(desk.pieces(), 'what a stale attempt says is dropped').toEqual(['piece-2']);
  await desk.take(parcel('third', 0, [checkpoint(5)], { piece: 'piece-2', from: 4, ...done }));
  await given.done;
});

test('a parcel that is lost has the piece given out anew', async () => {
  const { desk, added, given, lines } = deskOf();
  await desk.take(parcel('x', 0, played(1)));
  await desk.take(parcel('x', 2, [], done));
  expect(added.map(({ piece }) => piece)).toEqual(['piece-1', 'piece-2']);
  await desk.take(parcel('y', 0, [...played(1), ...played(2)], { piece: 'piece-2', ...done }));
  await given.done;
  expect(lines()).toEqual(['1', '1', '2'].slice(0, lines().length));
  expect(new Set(lines())).toEqual(new Set(['1', '2']));
});

test('what a worker failed of, the listener throws, or ends all, rejects; nothing is taken after it', async () => {
  const failed = deskOf();
  await failed.desk.take(
    parcel('x', 0, [], {
      end: { kind: 'failed', isUsage: true, isOfPolicy: false, message: 'no such model', stack: '' },
    }),
  );
  await expect(failed.given.done).rejects.toThrow('no such model');
  const full = pieceDesk({ add: async () => undefined, replace: async () => undefined });
  const given = full.giveOut(request, () => {
    throw new Error('the disk is full');
  });
  await full.take(parcel('x', 0, played(1)));
  await expect(given.done).rejects.toThrow('the disk is full');
  const lost = deskOf();
  lost.desk.fail(new Error('the queue is gone'));
  await expect(lost.given.done).rejects.toThrow('the queue is gone');
  await expect(lost.desk.giveOut(request, () => undefined).done).rejects.toThrow('the queue is gone');
});

test('whatever order parcels of several attempts come in, each episode is used at most once, and all once it is done', () => {
  const attempts = array(array(integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  });
  return assert(
    asyncProperty(attempts, array(nat(), { maxLength: 40 }), async (sizes, order) => {
      const { desk, given, lines } = deskOf();
      // Every attempt plays the same ten episodes, in parcels of its own.
      const all = sizes.map((cuts, attempt) => {
        let next = 1;
        const parts = cuts.map((size) => Array.from({ length: size }, () => next++).filter((one) => one <= 10));
        const rest = Array.from({ length: Math.max(0, 11 - next) }, () => next++);
        return [...parts, rest].map((numbers, ordinal) =>
          parcel(`attempt-${attempt}`, ordinal, numbers.flatMap(played), ordinal === parts.length ? done : {}),
        );
      });
      const flat = all.flat();
      for (const index of order) await desk.take(flat[index % flat.length] as Parcel);
      expect(new Set(lines()).size).toBe(lines().length);
      // A last attempt at whatever is still owed.
      const [piece] = desk.pieces();
      const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
      if (piece) await desk.take(parcel('last', 0, numbers.flatMap(played), { piece, ...done }));
      await given.done;
      expect(new Set(lines())).toEqual(new Set(numbers.map(String)));
    }),
    { numRuns: 200 },
  );
});
