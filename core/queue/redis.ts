import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { UsageError } from '../errors.ts';
import type { QueueAddress } from './address.ts';
import { prefix } from './names.ts';
import { starting, unreachable } from './redis-errors.ts';

/** The oldest Redis that queues are tried with. */
const leastMajor = 7;

const answerMilliseconds = 5_000;

const closeMilliseconds = 5_000;

/**
 * Connects to a Redis that can hold a queue; the connection outlasts a restart of it. Throws `UsageError` that says what keeps it from that: it is
 * down, refuses the user, is too old, may throw away what it holds, or keeps nothing on disk and `isVolatile` is not set.
 */
export async function openRedis(address: QueueAddress, isVolatile: boolean): Promise<Redis> {
  await requireUsable(address, isVolatile);
  const redis = new Redis({
    ...clientOptions(address),
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(times * 200, 2_000),
  });
  redis.on('error', () => undefined); // whoever waits for it says so
  return redis;
}

/** How a client of Redis is told where to connect to. */
const clientOptions = ({ host, port, database, isEncrypted, user, password }: QueueAddress) => ({
  host,
  port,
  db: database,
  ...(user === undefined ? {} : { username: user }),
  ...(password === undefined ? {} : { password }),
  // Certificates are asked for by names, and never by addresses.
  ...(isEncrypted ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
});

/** A queue over a connection that is shared, and outlives it. */
export function openQueue(connection: Redis, name: string): Queue<string> {
  const queue = new Queue<string>(name, { connection, prefix });
  queue.on('error', () => undefined); // whoever asks it is told, and a Redis that is being restarted is waited for
  return queue;
}

/** Closes a connection at once; whatever waits for an answer over it, or would, is refused. */
export function cutRedis(redis: Redis): void {
  redis.disconnect();
  if (redis.status !== 'reconnecting') return;
  // Between two tries there is nothing to close, and what waits would wait for ever.
  redis.connect().catch(() => undefined);
  redis.disconnect();
}

/** Waits until that is done or has failed, but not for long: a Redis that is gone keeps nobody from ending. */
export async function inTime(work: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  await Promise.race([work, delay(closeMilliseconds, undefined, { signal: end.signal })]).catch(() => undefined);
  end.abort();
}

/** By a connection of its own, which waits for nothing long. */
async function requireUsable(address: QueueAddress, isVolatile: boolean): Promise<void> {
  const redis = new Redis({
    ...clientOptions(address),
    lazyConnect: true,
    connectTimeout: answerMilliseconds,
    commandTimeout: answerMilliseconds,
    retryStrategy: () => null,
  });
  let lastError: unknown;
  redis.on('error', (error: unknown) => (lastError = error));
  try {
    await redis.connect();
    const fault = faultOf(address.shown, fieldsOf(await redis.info()), await policyOf(redis), isVolatile);
    if (fault !== undefined) throw new UsageError(fault);
  } catch (error) {
    throw error instanceof UsageError ? error : unreachable(address, lastError ?? error);
  } finally {
    redis.disconnect();
  }
}

/** What keeps a Redis from holding a queue, as a sentence with its cure; undefined where nothing does. */
export function faultOf(
  shown: string,
  fields: ReadonlyMap<string, string>,
  { eviction, hasSnapshots }: { readonly eviction: string | undefined; readonly hasSnapshots: boolean },
  isVolatile: boolean,
): string | undefined {
  const version = fields.get('redis_version') ?? 'of an unknown version';
  if (!(Number(version.split('.')[0]) >= leastMajor))
    return `The Redis at ${shown} is ${version}, and a queue needs Redis ${leastMajor} or newer. Update it, or start a newer one on another port: ${starting} --port 6380`;
  if (fields.get('maxmemory') !== '0' && eviction !== undefined && eviction !== 'noeviction')
    return `The Redis at ${shown} may throw away what a queue holds once its memory is full (maxmemory-policy ${eviction}). Let it refuse instead: redis-cli config set maxmemory-policy noeviction`;
  if (fields.get('loading') === '1') return `The Redis at ${shown} is still reading its data. Try again in a moment.`;
  if (isVolatile || fields.get('aof_enabled') === '1') return undefined;
  const keeps = hasSnapshots ? 'keeps only snapshots on disk' : 'keeps nothing on disk';
  return (
    `The Redis at ${shown} ${keeps}, so that a restart of it would end the run. Let it keep all: redis-cli config set appendonly yes. ` +
    'Or continue with --volatile: what is finished stays in the folder of the run, and after such an end the same command resumes it.'
  );
}

/** `INFO` as fields. */
export const fieldsOf = (info: string): ReadonlyMap<string, string> =>
  new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );

/** What a server's settings say; those who run Redis for others may keep them to themselves. */
async function policyOf(redis: Redis): Promise<{ eviction: string | undefined; hasSnapshots: boolean }> {
  const setting = async (name: string): Promise<string | undefined> => {
    try {
      const [, value] = await redis.config('GET', name);
      return value;
    } catch {
      return undefined;
    }
  };
  return { eviction: await setting('maxmemory-policy'), hasSnapshots: Boolean(await setting('save')) };
}
