import { asyncProperty, array, assert, constantFrom, integer, json, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { packed, unpacked } from '../../core/queue/coding.ts';
import { paceMeter } from '../../core/queue/pace.ts';
import { parcelSender } from '../../core/queue/parcel-sender.ts';
import type { Parcel } from '../../core/queue/parcels.ts';
import { inWords } from '../../core/queue/redis-errors.ts';
import { faultOf, fieldsOf } from '../../core/queue/redis.ts';
import type { JobMessage } from '../../core/run/episode.ts';

const crossed = (one: unknown): unknown => unpacked(packed(one));

test('whatever crosses the queue as text is the same behind it, bytes and long texts in it, too', () => {
  const long = string({ unit: constantFrom('a', '"', '\n', '…', '😀', '\ud83d'), minLength: 200, maxLength: 300 });
  return assert(
    asyncProperty(json(), uint8Array(), array(long), async (text, bytes, texts) => {
      const value = { text, texts, bytes, deep: [{ bytes, text: texts[0] ?? null }, JSON.parse(text) as unknown] };
      expect(crossed(value)).toEqual(value);
      expect(crossed({ state: Buffer.from(bytes) })).toEqual({ state: new Uint8Array(bytes) });
    }),
    { numRuns: 100 },
  );
});

test('data that look like what stands for bytes and long texts cross as they are', () => {
  const long = 'x'.repeat(300);
  for (const value of [
    { $text: 5 },
    { $bytes: 'AAAA', more: long },
    { $entries: [['a', 1]] },
    { $text: long, b: [{ $text: 1 }] },
  ])
    expect(crossed({ value, long, after: long })).toEqual({ value, long, after: long });
});

const episode = (size: number): JobMessage => ({
  kind: 'episode',
  key: { job: 'a', phase: 'test', task: 't', repetition: 0 },
  line: 'x'.repeat(size),
});

test('what is sent arrives in order and once, in parcels of bounded size', () =>
  assert(
    asyncProperty(array(integer({ min: 0, max: 2 ** 19 }), { maxLength: 12 }), async (lengths) => {
      const arrived: Parcel[] = [];
      const sender = parcelSender(
        { piece: 'p', attempt: 'a', turn: 1, from: null },
        async (parcel) => void arrived.push(parcel),
        new AbortController().signal,
      );
      for (const size of lengths) sender.add(episode(size));
      await sender.end({ kind: 'done' });
      expect(arrived.map(({ ordinal }) => ordinal)).toEqual(arrived.map((_, index) => index));
      const messages = arrived.flatMap((parcel) => parcel.messages);
      expect(messages.map((one) => (one.kind === 'episode' ? one.line.length : -1))).toEqual(lengths);
      for (const { messages: some } of arrived)
        expect(some.reduce((sum, one) => sum + (one.kind === 'episode' ? one.line.length : 0), 0)).toBeLessThan(
          2 ** 21,
        );
      expect(arrived.map(({ end }) => end?.kind)).toEqual([...arrived.slice(1).map(() => undefined), 'done']);
    }),
    { numRuns: 25 },
  ));

test('a parcel that could not be sent is sent again under its number; nobody waits for it once all is over', async () => {
  const tries: number[] = [];
  const stop = new AbortController();
  const sender = parcelSender(
    { piece: 'p', attempt: 'a', turn: 1, from: null },
    async ({ ordinal }) => {
      tries.push(ordinal);
      if (tries.length === 1) throw new Error('the memory is full');
      if (tries.length === 3) stop.abort();
      if (tries.length >= 3) throw new Error('the memory is full');
    },
    stop.signal,
  );
  sender.add(episode(2 ** 20));
  sender.add(episode(2 ** 20));
  await sender.end({ kind: 'done' });
  expect(tries).toEqual([0, 0, 1]);
});

test('the pace is that of the last half minute', () => {
  let now = 0;
  const pace = paceMeter(() => now);
  expect(pace.text()).toBe('');
  now = 10_000;
  pace.add(20);
  expect(pace.text()).toBe('2.0 episodes/s');
  now = 39_000;
  expect(pace.text()).toBe('0.67 episodes/s');
  now = 41_000;
  expect(pace.text()).toBe('');
});

test.each([
  ['redis_version:7.0.15\r\nmaxmemory:0\r\naof_enabled:1', {}, undefined],
  ['redis_version:7.2.4\nserver_name:valkey\nmaxmemory:9\naof_enabled:1', { eviction: 'noeviction' }, undefined],
  ['redis_version:6.2.1\nmaxmemory:0\naof_enabled:1', {}, /6\.2\.1, and a queue needs Redis 7/],
  ['nothing', {}, /of an unknown version/],
  ['redis_version:8.0.0\nmaxmemory:9\naof_enabled:1', { eviction: 'allkeys-lru' }, /maxmemory-policy noeviction/],
  ['redis_version:8.0.0\nmaxmemory:0\naof_enabled:0', {}, /keeps nothing on disk.*--volatile/],
  ['redis_version:8.0.0\nmaxmemory:0\naof_enabled:0', { hasSnapshots: true }, /only snapshots.*--volatile/],
  ['redis_version:8.0.0\nmaxmemory:0\naof_enabled:1\nloading:1', {}, /still reading its data/],
])('what %j says of a Redis is judged', (info, settings, fault) => {
  const judged = faultOf(
    'redis://h:1',
    fieldsOf(info),
    { eviction: undefined, hasSnapshots: false, ...settings },
    false,
  );
  if (fault === undefined) expect(judged).toBeUndefined();
  else expect(judged).toMatch(fault);
});

test('what a Redis forbids is told with what to grant, and names no user, though newer ones do', () => {
  const address = {
    shown: 'redis://queue.example:6379',
    host: 'queue.example',
    port: 6379,
    database: 0,
    isEncrypted: false,
    user: 'planted-user',
  };
  const said = inWords(
    new Error("NOPERM User planted-user has no permissions to run the 'set' command"),
    address,
  ).message;
  expect(said).toMatch(/queue\.example:6379 does not let the user .*run the 'set' command\. Grant it: redis-cli acl/);
  expect(said).not.toContain('planted');
});
