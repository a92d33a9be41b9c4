import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from '../../envs/world-places.ts';

const base = join(cacheFolder(), 'ollama');

export const isInstalled = existsSync(join(base, 'ready'));
export const model = 'toolstone-gemma';
/** The model that examples begin with; a set-up of earlier days lacks it. */
export const smallModel = 'toolstone-smollm2';

/** The context that the OpenAI-compatible route takes too, so that one loaded model serves both. */
export const contextTokens = 1_536;

/** A real Ollama server on a free port with the cached model, gone when disposed of or when this process dies. */
export async function startOllama(): Promise<{ readonly host: string } & AsyncDisposable> {
  const host = `http://127.0.0.1:${await freePort()}`;
  // A group of its own, which holds the model runners too; the shell kills it when its input ends, as it does with us.
  const shell = spawn('/bin/sh', ['-c', '"$0" serve & cat; kill -9 0', join(base, 'bin', 'ollama')], {
    env: {
      ...process.env,
      OLLAMA_HOST: host,
      OLLAMA_MODELS: join(base, 'models'),
      OLLAMA_CONTEXT_LENGTH: String(contextTokens),
    },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = new Promise((resolve) => shell.once('exit', resolve));
  const isUp = () =>
    fetch(`${host}/api/version`).then(
      (response) => response.ok,
      () => false,
    );
  for (let tries = 0; tries < 300 && !(await isUp()); tries++) await delay(100);
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      shell.stdin.end();
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
