import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { UsageError } from '../errors.ts';
import { holderKey, holderMilliseconds, renewMilliseconds, type Session } from './names.ts';

/** The place of the one coordinator of a queue, for as long as it is renewed. */
export interface Held {
  /** Renews it no more, so that it expires. */
  readonly stop: () => void;
  /** Gives it free at once. */
  readonly release: () => Promise<void>;
}

/** Sets the key anew where it is ours, or gone with a Redis that was restarted; 0 where somebody else has it. */
const renewScript = `
local now = redis.call('GET', KEYS[1])
if now and now ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`;

const watchMilliseconds = 500;

type Holder = Pick<Session, 'id' | 'run' | 'host' | 'pid'>;

/**
 * Becomes the coordinator of a queue; one that died is waited for until its place is free. `onLost` is told where somebody else has
 * taken the place, since this process slept too long. Throws `UsageError` where another coordinator is at work.
 */
export async function holdQueue(
  redis: Redis,
  shown: string,
  { id, run, host, pid }: Holder,
  { onLost, tell }: { readonly onLost: (error: Error) => void; readonly tell: (sentence: string) => void },
): Promise<Held> {
  const mine = JSON.stringify({ id, run, host, pid } satisfies Holder);
  let left = Infinity;
  while ((await redis.set(holderKey, mine, 'PX', holderMilliseconds, 'NX')) === null) {
    const now = await redis.pttl(holderKey);
    const other = holderIn(await redis.get(holderKey));
    if (now > left && other) throw taken(shown, other);
    if (left === Infinity && other) tell(`Looking whether the run ${other.run} is still at work on ${shown}.`);
    left = now;
    await delay(watchMilliseconds);
  }
  const renew = () =>
    redis.eval(renewScript, 1, holderKey, mine, holderMilliseconds).then(
      (isOurs) => {
        if (isOurs === 0)
          onLost(
            new UsageError(
              `Another run has taken the queue ${shown}, since this one said nothing for ${holderMilliseconds / 1000} seconds. What was finished is kept: re-run the same command to resume, with another database for one of the two (redis://HOST:PORT/1).`,
            ),
          );
      },
      () => undefined, // a Redis that is full or being restarted answers later
    );
  const timer = setInterval(() => void renew(), renewMilliseconds);
  return {
    stop: () => clearInterval(timer),
    release: async () => {
      await redis.eval(releaseScript, 1, holderKey, mine);
    },
  };
}

function holderIn(text: string | null): Holder | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Holder);
  } catch {
    return undefined;
  }
}

const taken = (shown: string, { run, host, pid }: Holder): UsageError =>
  new UsageError(
    `The queue ${shown} belongs to the run ${run} of process ${pid} on ${host}. Wait for its end, or give this run another database of the same Redis, as in redis://HOST:PORT/1.`,
  );
