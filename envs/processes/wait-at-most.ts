import { setTimeout as delay } from 'node:timers/promises';

/** Waits for an event, for so long at most. No timer stays behind, which would keep the whole process that long. */
export async function waitAtMost(milliseconds: number, event: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([event, delay(milliseconds, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
