import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { start } from '../cli/toolstone.ts';
import { eventually } from '../envs/processes.ts';

/** `toolstone serve` over suite `smoke` in a process of its own, killed after the test if it still runs. */
export async function startServe(out: string, ...more: readonly string[]) {
  const port = await freePort();
  const { child, finished } = start(
    'serve',
    '--suite',
    'smoke',
    '--reward',
    'sparse',
    '--limit',
    '12',
    '--port',
    String(port),
    '--out',
    out,
    ...more,
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let [said, isOver] = ['', false];
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000)));
  void finished.then(() => (isOver = true));
  expect(await eventually(() => said.includes('Ctrl-C stops') || isOver, 120_000), said).toBe(true);
  expect(isOver, said).toBe(false);
  const server = { url: `http://127.0.0.1:${port}`, counts: () => ({}) as never, close: async () => undefined };
  return { child, finished, server };
}

/** Resident memory of a process, in MiB. */
export function residentMebibytes(id: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
