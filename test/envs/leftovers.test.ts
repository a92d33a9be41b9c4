import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ownServer } from '../../envs/own-server.ts';
import { claimFolder, sweepWorlds } from '../../envs/processes/leftovers.ts';
import { addServers } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { eventually, processesWith } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const stub = fileURLToPath(new URL('./stub-server.ts', import.meta.url));

/** A sleeper whose command line holds a text. */
const sleeper = (mark: string) => [process.execPath, '-e', `/* ${mark} */ setTimeout(() => {}, 60_000)`] as const;

/** An own server that starts a sleeper before it begins to serve, in its group or out of it. */
function addLitterer(name: string, isDetached: boolean): void {
  const [command, ...args] = sleeper(name);
  const code = `
    const { spawn } = await import('node:child_process');
    const options = { detached: ${isDetached}, stdio: 'ignore' };
    spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, options).unref();
    process.argv[2] = '{"tools":3}';
    await import(${JSON.stringify(stub)});`;
  writeFileSync(join(folder, `${name}.mjs`), code);
  const block = { command: process.execPath, args: [join(folder, `${name}.mjs`)] };
  addServers([ownServer(name, { block, folder }).definition]);
}

const running = (mark: string) => processesWith(`/* ${mark} */`).length;

describe('what a server started', () => {
  test.each([
    ['in its group', false],
    ['out of its group', true],
  ])('%s is gone after the episode, also where the server ended by itself', async (_, isDetached) => {
    const name = isDetached ? 'litterer-outside' : 'litterer-inside';
    addLitterer(name, isDetached);
    const pool = openWorldPool({ lanes: 1 });
    const parameters = { servers: [name], files: {} };
    await pool.use(parameters, 1, async ({ call }) => {
      await call(name, 'echo', {});
      expect(running(name)).toBeGreaterThan(0);
    });
    expect(await eventually(() => running(name) === 0)).toBe(true);
    await pool.use(parameters, 1, ({ call }) => call(name, 'die', {}).catch(() => undefined));
    expect(await eventually(() => running(name) === 0)).toBe(true);
    await pool.dispose();
  });
});

describe('a folder for worlds', () => {
  test('goes with its processes once its owner is dead, and stays while he lives or where he cannot be asked for', async () => {
    const [mine, dead, foreign] = ['toolstone-mine', 'toolstone-dead', 'toolstone-foreign'].map((name) => {
      const path = join(folder, name);
      mkdirSync(path);
      claimFolder(path);
      return path;
    }) as [string, string, string];
    const [place, pid, start] = readFileSync(`${mine}.owner`, 'utf8').split(' ');
    expect(Number(pid)).toBe(process.pid);
    writeFileSync(`${dead}.owner`, `${place} ${pid} ${Number(start) + 1}`);
    writeFileSync(`${foreign}.owner`, `0123456789abcdef ${pid} ${Number(start) + 1}`);
    const [command, ...args] = sleeper('of-the-dead');
    spawn(command, args, { env: { HOME: `${dead}/lane-0/.home/x` }, stdio: 'ignore', detached: true }).unref();
    expect(await eventually(() => running('of-the-dead') === 1)).toBe(true);
    sweepWorlds(folder);
    expect([mine, dead, `${dead}.owner`, foreign].map((path) => existsSync(path))).toEqual([true, false, false, true]);
    expect(await eventually(() => running('of-the-dead') === 0)).toBe(true);
  });
});
