import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from '../../envs/processes/call-deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = () => {
  const gaveUp: number[] = [];
  const { extend } = waitFor(
    new Promise<never>(() => undefined),
    { callDeadlineMilliseconds: 100, callCeilingMilliseconds: 250 },
    (milliseconds) => gaveUp.push(milliseconds),
  );
  return { extend, gaveUp };
};

test('a call without a word ends at its deadline', () => {
  const { gaveUp } = wait();
  vi.advanceTimersByTime(99);
  expect(gaveUp).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(gaveUp).toEqual([100]);
});

test('progress begins the deadline anew, up to the ceiling', () => {
  const { extend, gaveUp } = wait();
  for (const _ of [1, 2, 3]) {
    vi.advanceTimersByTime(80);
    extend();
  }
  expect(gaveUp).toEqual([]);
  vi.advanceTimersByTime(9);
  expect(gaveUp).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(gaveUp).toEqual([250]);
});
