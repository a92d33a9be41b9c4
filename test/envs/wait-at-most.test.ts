import { expect, test } from 'vitest';
import { waitAtMost } from '../../envs/processes/wait-at-most.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('waits for an event and leaves no timer, which would keep a finished command for seconds', async () => {
  const before = timers();
  await waitAtMost(3_600_000, Promise.resolve());
  expect(timers()).toBe(before);
});

test('tells a failure of the event, and no timer stays', async () => {
  const before = timers();
  await expect(waitAtMost(3_600_000, Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(timers()).toBe(before);
});

test('waits no longer than it was told', async () => {
  await waitAtMost(1, new Promise(() => undefined));
});
