import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether this machine can start a Redis of one's own. */
export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of one's own on this machine. */
export interface RedisServer {
  /** As `--queue` takes it. */
  readonly address: string;
  readonly pid: () => number;
  /** Kills it and starts it again on the same port, with what it has on disk. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes what it kept. */
  readonly stop: () => Promise<void>;
}

/** Starts one on a free port; it keeps all that it holds on disk, unless the settings (`--appendonly`, `no`) say otherwise. */
export async function startRedisServer(...settings: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-redis-'));
  const kept = settings.includes('--appendonly') ? [] : ['--appendonly', 'yes'];
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', ...kept, '--dir', folder, ...settings];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', words, { stdio: 'ignore' });
    try {
      await answering(port);
    } catch (error) {
      await kill(child);
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return child;
  };
  let child = await start();
  return {
    address: `redis://127.0.0.1:${port}`,
    pid: () => child.pid ?? 0,
    restart: async () => {
      await kill(child);
      child = await start();
    },
    stop: async () => {
      await kill(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Resolves once it has read its data: until then it answers with an error. */
async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (/^(\+PONG|-NOAUTH)/.test(await answerTo(port, 'PING\r\n'))) return;
    await delay(25);
  }
  throw new Error('redis-server was started and does not answer');
}

const answerTo = (port: number, words: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(words));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
    socket.once('error', () => resolve(''));
    socket.once('close', () => resolve(''));
  });

/** A port of this machine that nobody listens to. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
