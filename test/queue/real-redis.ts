import { onTestFinished } from 'vitest';
import { hasRedisServer, startRedisServer, type RedisServer } from '../../commands/perf/redis-server.ts';

/** Tests of queues are skipped where no Redis is installed: `sudo apt install redis-server` adds it. */
export const hasRedis = hasRedisServer();

/** A Redis of a test's own, gone after it. */
export async function startRedis(...settings: readonly string[]): Promise<RedisServer> {
  const redis = await startRedisServer(...settings);
  onTestFinished(redis.stop);
  return redis;
}
