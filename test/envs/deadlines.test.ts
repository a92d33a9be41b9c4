import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { McpServer } from '../../envs/mcp-configuration.ts';
import { ownServer } from '../../envs/own-server.ts';
import { callDeadlineOf, chooseDeadlines, startDeadlineOf } from '../../envs/processes/deadlines.ts';
import { noteStartTime, startTimesOf } from '../../envs/processes/start-times.ts';
import { addServers, serverDefinition } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { isWhole } from '../whole.ts';

const cache = mkdtempSync(join(tmpdir(), 'toolstone-deadlines-'));
const stub = fileURLToPath(new URL('./stub-server.ts', import.meta.url));
beforeAll(() => vi.stubEnv('XDG_CACHE_HOME', cache));
afterEach(() => chooseDeadlines({}));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

const own = (name: string, more: Partial<McpServer> = {}, faults: object = {}) =>
  ownServer(name, {
    block: { command: process.execPath, args: [stub, JSON.stringify(faults)], ...more },
    folder: cache,
  }).definition;

describe('the deadline of a start', () => {
  test.each([
    [[], 60_000],
    [[100, 200, 90_000], 30_000],
    [[7_000, 9_000], 40_000],
    [[1, 8_000, 20_000], 40_000],
  ])('after starts of %j ms is %i ms', (times, milliseconds) => {
    const definition = own(`usual-${times.length}-${milliseconds}`);
    for (const time of times) noteStartTime(definition, time);
    expect(startDeadlineOf(definition)).toBe(milliseconds);
  });

  test('hangs on the last starts, which lie in a small file, whatever was written there', () => {
    const git = serverDefinition('git');
    const folder = join(cache, 'toolstone', 'starts');
    mkdirSync(folder, { recursive: true });
    for (let time = 1; time <= 100; time++) noteStartTime(git, time);
    expect(startTimesOf(git)).toEqual(Array.from({ length: 15 }, (_, index) => 86 + index));
    const [file = ''] = readdirSync(folder).filter((name) => name.startsWith('git-'));
    expect(file).toMatch(/^git-\d[\w.-]+\.json$/);
    writeFileSync(join(folder, file.replace('git', 'time')), '{"x":');
    expect(startDeadlineOf(serverDefinition('time'))).toBe(60_000);
  });

  test("is the server's own where its block says so, and the user's where a flag does", () => {
    const definition = own('patient', { startDeadline: 200, callDeadline: 300 });
    expect([startDeadlineOf(definition), callDeadlineOf(definition, 10_000)]).toEqual([200_000, 300_000]);
    chooseDeadlines({ start: 5, call: 6 });
    expect([startDeadlineOf(definition), callDeadlineOf(definition, 10_000)]).toEqual([5, 6]);
    expect(callDeadlineOf(serverDefinition('git'), 10_000)).toBe(6);
  });

  test('of a call is ten seconds, and six times that for servers of users', () => {
    expect(callDeadlineOf(serverDefinition('git'), 10_000)).toBe(10_000);
    expect(callDeadlineOf(own('usual'), 10_000)).toBe(60_000);
  });
});

test.runIf(isWhole)(
  'a server that is given too little time says how to give it more, in the process that probes too',
  () => {
    const pool = openWorldPool({ lanes: 1 });
    addServers([
      own('late', {}, { deafTo: 'initialize' }),
      own('later', { startDeadline: 0.2 }, { deafTo: 'tools/list' }),
    ]);
    expect(() => pool.toolspaceOf(['later'])).toThrow(/Server later did not start within 0.2 s\. Give it longer/);
    chooseDeadlines({ start: 300 });
    expect(() => pool.toolspaceOf(['late'])).toThrow(
      /Server late did not start within 0.3 s\. Give it longer with --start/,
    );
    return pool.dispose();
  },
);
