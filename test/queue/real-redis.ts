import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';

/** Tests of queues are skipped where no Redis is installed: `sudo apt install redis-server` adds it. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of a test's own. */
export interface RealRedis {
  /** As the command line takes it. */
  readonly address: string;
  readonly port: number;
  /** Kills it and starts it again on the same port, with what it has on disk. */
  readonly restart: () => Promise<void>;
}

/** Starts a Redis that keeps what it holds on disk, unless the settings say otherwise; it is gone after the test. */
export async function startRedis(...settings: readonly string[]): Promise<RealRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-redis-'));
  const kept = settings.includes('--appendonly') ? [] : ['--appendonly', 'yes'];
  const start = async (): Promise<ChildProcess> => {
    const args = ['--port', String(port), '--save', '', ...kept, '--dir', folder, '--bind', '127.0.0.1', ...settings];
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    await answering(port, settings);
    return child;
  };
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  let child = await start();
  onTestFinished(async () => {
    await kill(child);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    address: `redis://127.0.0.1:${port}`,
    port,
    restart: async () => {
      await kill(child);
      child = await start();
    },
  };
}

async function answering(port: number, settings: readonly string[]): Promise<void> {
  const password = settings[settings.indexOf('--requirepass') + 1];
  for (let tries = 0; tries < 200; tries++) {
    const redis = new Redis({
      port,
      lazyConnect: true,
      retryStrategy: () => null,
      ...(settings.includes('--requirepass') ? { password } : {}),
    });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      await redis.ping();
      return;
    } catch {
      await delay(50);
    } finally {
      redis.disconnect();
    }
  }
  throw new Error('redis-server does not answer');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
