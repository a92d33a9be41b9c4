import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError, WorldFailure } from '../../core/errors.ts';
import type { World } from '../../core/types.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const stub = fileURLToPath(new URL('./stub-server.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'toolstone-starts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server of one's own whose starts of these numbers fail; returns how often it was started. */
function addFlaky(name: string, failing: readonly number[]): () => number {
  const counter = join(folder, name);
  writeFileSync(counter, '0');
  const args = [stub, JSON.stringify({ counter, failing })];
  addServers([ownServer(name, { block: { command: process.execPath, args }, folder }).definition]);
  return () => Number(readFileSync(counter, 'utf8'));
}

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const play = (server: string) =>
  pool.use({ servers: [server], files: {} }, 1, async ({ call }: World) => (await call(server, 'echo', {})).isError);

describe('a server that starts well, but for', () => {
  test('the very first time, is tried again', async () => {
    const starts = addFlaky('flaky-first', [1]);
    expect(await play('flaky-first')).toBe(false);
    expect(starts()).toBe(3);
  });

  test('one time in mid-run, is tried again', async () => {
    const starts = addFlaky('flaky-once', [3]);
    expect([await play('flaky-once'), await play('flaky-once')]).toEqual([false, false]);
    expect(starts()).toBe(4);
  });

  test('some time in mid-run, breaks that world alone, and says what it last said', async () => {
    addFlaky('flaky-twice', [3, 4]);
    expect(await play('flaky-twice')).toBe(false);
    const broken = await play('flaky-twice').catch((error: unknown) => error as Error);
    expect(broken).toBeInstanceOf(WorldFailure);
    expect((broken as Error).message).toMatch(
      /^Server flaky-twice did not start.*last words: the stub has no database/,
    );
    expect((broken as Error).message).not.toMatch(/npm ci|Run "|See whether/);
    expect(await play('flaky-twice')).toBe(false);
  });
});

test('a server that never starts ends the run with cause and cure', async () => {
  addFlaky('never', [1, 2, 3, 4]);
  const ended = await play('never').catch((error: unknown) => error as Error);
  expect(ended).toBeInstanceOf(UsageError);
  expect((ended as Error).message).toMatch(/Server never did not start.*has no database.*See whether its command runs/);
});
