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
const recorded = (entry: string): JobMessage => ({ kind: 'recorded', episode: 'a test t1 0', entry });
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
  turn: number,
  ordinal: number,
  messages: readonly JobMessage[],
  more: Pick<Partial<Parcel>, 'piece' | 'attempt' | 'from' | 'end'> = {},
): Parcel => ({
  piece: 'piece-1',
  attempt: `attempt-${turn}`,
  turn,
  ordinal,
  from: null,
  messages,
  ...more,
});
const done = { end: { kind: 'done' } } as const;

test('a piece comes back whole, once and in order, whatever is delivered twice', async () => {
  const { desk, given, lines, progress } = deskOf();
  const parcels = [parcel(1, 0, played(1)), parcel(1, 1, [...played(2), ...played(3)]), parcel(1, 2, [], done)];
  for (const one of parcels) {
    await desk.take(one);
    await desk.take(one);
  }
  await given.done;
  expect([lines(), progress(), desk.pieces()]).toEqual([['1', '2', '3'], 3, []]);
});

test('of an attempt that another one follows nothing more counts, and no episode is used twice', async () => {
  const { desk, given, lines, progress } = deskOf();
  await desk.take(parcel(1, 0, [...played(1), ...played(2)]));
  await desk.take(parcel(2, 0, played(1)));
  await desk.take(parcel(1, 1, [...played(3), ...played(4)], done));
  await desk.take(parcel(2, 1, [...played(2), ...played(3), ...played(4)], done));
  await given.done;
  expect([lines(), progress()]).toEqual([['1', '2', '3', '4'], 4]);
});

test('an attempt whose first parcel arrives after those of a newer one is dropped; of two that a Redis gave one turn the later counts', async () => {
  const { desk, given, lines, progress } = deskOf();
  await desk.take(parcel(2, 0, played(1)));
  await desk.take(parcel(1, 0, [...played(3), ...played(4)], done));
  expect([lines(), progress(), desk.pieces()]).toEqual([['1'], 1, ['piece-1']]);
  await desk.take(parcel(2, 0, [...played(1), ...played(2)], { attempt: 'another' }));
  await desk.take(parcel(2, 1, [...played(3), ...played(4)], done));
  await desk.take(parcel(2, 1, [], { attempt: 'another', ...done }));
  await given.done;
  expect([lines(), progress()]).toEqual([['1', '2'], 2]);
});

test('what was recorded of an episode is used with its record, and not of a later attempt', async () => {
  const { desk, given, used } = deskOf();
  await desk.take(parcel(1, 0, [recorded('torn')]));
  await desk.take(parcel(2, 0, [recorded('first'), ...played(1)]));
  await desk.take(parcel(3, 0, [recorded('again'), ...played(1)], done));
  await given.done;
  expect(used.flatMap((one) => (one.kind === 'recorded' ? one.entry : []))).toEqual(['torn', 'first']);
});

test('a training goes on from the newest checkpoint; an attempt from an older one is given out anew', async () => {
  const { desk, added, replaced, given } = deskOf();
  await desk.take(parcel(1, 0, [...played(1), checkpoint(4)]));
  expect(replaced.at(-1)).toMatchObject({ resume: { update: 4 }, done: ['a test t1 0'] });
  await desk.take(parcel(2, 0, played(1)));
  expect(added.map(({ piece, request: one }) => [piece, one.resume?.update])).toEqual([
    ['piece-1', undefined],
    ['piece-2', 4],
  ]);
  await desk.take(parcel(2, 1, [checkpoint(2)], done));
  expect(desk.pieces(), 'what a stale attempt says is dropped').toEqual(['piece-2']);
  await desk.take(parcel(1, 0, [...played(2), checkpoint(5)], { piece: 'piece-2', from: 4 }));
  expect(replaced.at(-1)).toMatchObject({ resume: { update: 5 }, done: ['a test t1 0', 'a test t2 0'] });
  await desk.take(parcel(1, 1, [], { piece: 'piece-2', from: 4, ...done }));
  await given.done;
});

test('a parcel that is lost has the piece given out anew', async () => {
  const { desk, added, given, lines, progress } = deskOf();
  await desk.take(parcel(1, 0, played(1)));
  await desk.take(parcel(1, 2, [], done));
  expect(added.map(({ piece }) => piece)).toEqual(['piece-1', 'piece-2']);
  await desk.take(parcel(1, 0, [...played(1), ...played(2)], { piece: 'piece-2', ...done }));
  await given.done;
  expect([lines(), progress()]).toEqual([['1', '2'], 2]);
});

test('what a worker failed of, the listener throws, or ends all, rejects; nothing is taken after it', async () => {
  const failed = deskOf();
  await failed.desk.take(
    parcel(1, 0, [], {
      end: { kind: 'failed', isUsage: true, isOfPolicy: false, message: 'no such model', stack: '' },
    }),
  );
  await expect(failed.given.done).rejects.toThrow('no such model');
  const full = pieceDesk({ add: async () => undefined, replace: async () => undefined });
  const given = full.giveOut(request, () => {
    throw new Error('the disk is full');
  });
  await full.take(parcel(1, 0, played(1)));
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
      const { desk, given, lines, progress } = deskOf();
      // Every attempt plays the same ten episodes, in parcels of its own.
      const all = sizes.map((cuts, attempt) => {
        let next = 1;
        const parts = cuts.map((size) => Array.from({ length: size }, () => next++).filter((one) => one <= 10));
        const rest = Array.from({ length: Math.max(0, 11 - next) }, () => next++);
        return [...parts, rest].map((numbers, ordinal) =>
          parcel(attempt + 1, ordinal, numbers.flatMap(played), ordinal === parts.length ? done : {}),
        );
      });
      const flat = all.flat();
      for (const index of order) await desk.take(flat[index % flat.length] as Parcel);
      expect(new Set(lines()).size).toBe(lines().length);
      expect(progress()).toBeLessThanOrEqual(10);
      // A last attempt at whatever is still owed.
      const [piece] = desk.pieces();
      const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
      if (piece) await desk.take(parcel(9, 0, numbers.flatMap(played), { piece, ...done }));
      await given.done;
      expect(lines().sort((a, b) => Number(a) - Number(b))).toEqual(numbers.map(String));
      expect(progress()).toBe(10);
    }),
    { numRuns: 200 },
  );
});
