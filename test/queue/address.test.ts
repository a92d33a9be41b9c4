import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { queueAddress } from '../../core/queue/address.ts';
import { UsageError } from '../../core/errors.ts';

test('an address names host, port and database; user and password come from the environment and are never shown', () => {
  const environment = { TOOLSTONE_REDIS_USER: 'trainer', TOOLSTONE_REDIS_PASSWORD: 'hush-42' };
  const address = queueAddress('rediss://queue.example:7000/3', environment);
  expect(address).toEqual({
    shown: 'rediss://queue.example:7000/3',
    host: 'queue.example',
    port: 7000,
    database: 3,
    isEncrypted: true,
    user: 'trainer',
    password: 'hush-42',
  });
  expect(queueAddress('redis://localhost', {})).toEqual({
    shown: 'redis://localhost:6379',
    host: 'localhost',
    port: 6379,
    database: 0,
    isEncrypted: false,
  });
  expect(queueAddress('redis://[::1]:7000', {}).host).toBe('::1');
});

test.each([
  ['localhost:6379', /no address of a Redis/],
  ['http://localhost', /no address of a Redis/],
  ['redis://', /no address of a Redis/],
  ['redis://localhost/jobs', /number of a database.*not "jobs"/],
  ['redis://localhost/1?x=2', /number of a database/],
])('%s is refused in a sentence', (text, sentence) => {
  expect(() => queueAddress(text, {})).toThrow(UsageError);
  expect(() => queueAddress(text, {})).toThrow(sentence);
});

test('a password in an address is refused by a sentence that does not repeat it', () => {
  const part = string({ minLength: 1 }).map(encodeURIComponent);
  assert(
    property(part, part, (user, password) => {
      let message = '';
      try {
        queueAddress(`redis://u${user}:pw-${password}@localhost`, {});
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('TOOLSTONE_REDIS_PASSWORD');
      expect(message).not.toContain(`pw-${password}`);
    }),
    { numRuns: 50 },
  );
});
