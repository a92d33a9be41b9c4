import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileFact } from '../../core/facts.ts';
import { TaskFailure, WorldDamage, WorldFailure } from '../../core/errors.ts';
import { ownServer } from '../../envs/own-server.ts';
import { removeWhole } from '../../envs/state/files/removal.ts';
import { addServers } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-damage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its one tool runs a piece of JavaScript in its world's folder. */
const server = `
import * as fs from 'node:fs';
import { createInterface } from 'node:readline';
const tools = [{ name: 'run', inputSchema: { type: 'object' } }];
for await (const line of createInterface(process.stdin)) {
  const { id, method, params } = JSON.parse(line);
  const say = (result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  if (method === 'initialize')
    say({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'a', version: '1' } });
  if (method === 'tools/list') say({ tools });
  if (method === 'tools/call') {
    new Function('fs', 'home', params.arguments.code)(fs, process.env.HOME);
    say({ content: [{ type: 'text', text: 'done' }] });
  }
}
`;
writeFileSync(join(folder, 'server.mjs'), server);
const block = { command: process.execPath, args: [join(folder, 'server.mjs')] };
addServers([ownServer('damaged', { block, folder }).definition]);

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());
const parameters = { servers: ['damaged'], files: { damaged: { 'a.txt': 'a' } } };

const evidenceAfter = (code: string) =>
  pool.use(parameters, 1, async ({ call, evidence }) => {
    await call('damaged', 'run', { code });
    return evidence();
  });

const damages: readonly (readonly [string, string])[] = [
  ['a file name that is no UTF-8', "fs.writeFileSync(Buffer.from([0x61, 0xff, 0xfe]), 'x')"],
  ['a folder name that is no UTF-8', "fs.mkdirSync(Buffer.from([0xc3, 0x28])); fs.writeFileSync(Buffer.from('b'), '')"],
  ['a file of three gigabytes', "fs.ftruncateSync(fs.openSync('big', 'w'), 3 * 2 ** 30)"],
  ['a file of three hundred megabytes', "fs.ftruncateSync(fs.openSync('big', 'w'), 3e8)"],
  [
    'a file in the place of its folder',
    'const here = process.cwd(); fs.rmSync(here, { recursive: true }); fs.writeFileSync(here, "")',
  ],
  // Nothing is closed to root.
  ...(process.getuid?.() === 0
    ? []
    : ([
        ['a closed file', "fs.writeFileSync('closed', 'x'); fs.chmodSync('closed', 0)"],
        ['a closed folder', "fs.mkdirSync('d'); fs.writeFileSync('d/a', ''); fs.chmodSync('d', 0)"],
      ] as const)),
  ['far too many files', "fs.mkdirSync('d'); for (let i = 0; i <= 1e5; i++) fs.writeFileSync('d/' + i, '')"],
];

describe("what an episode's own calls left", () => {
  test.each(damages)('is damage, and the next episode of the lane is clean: %s', async (_, code) => {
    await expect(evidenceAfter(code)).rejects.toThrow(WorldDamage);
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
  });

  test('is taken away where nobody read it, and beside its folder too', async () => {
    const bad = 'Buffer.from([0x61, 0xff])';
    const code = `fs.writeFileSync(${bad}, ''); fs.writeFileSync(Buffer.concat([Buffer.from(home + '/'), ${bad}]), '')`;
    await pool.use(parameters, 1, ({ call }) => call('damaged', 'run', { code }));
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
    const look = "fs.writeFileSync('home', fs.readdirSync(home).join())";
    expect(await evidenceAfter(look)).toEqual({ damaged: [fileFact('a.txt', 'a'), fileFact('home', '')] });
  });

  test("is the task's fault where set-up did it", async () => {
    const setUp = [{ server: 'damaged', tool: 'run', arguments: { code: damages[0]?.[1] ?? '' } }];
    const fault = await pool.use({ ...parameters, setUp }, 1, async (world) => world.fault);
    expect(fault).toBeInstanceOf(TaskFailure);
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
  });
});

describe('a server that ends by itself', () => {
  const leave = 'setImmediate(() => process.exit(7))';

  test('after its last answer is not trusted with what it left', async () => {
    await pool.use(parameters, 1, async ({ call, evidence }) => {
      await call('damaged', 'run', { code: leave });
      const found = () => evidence().then(JSON.stringify, (error: unknown) => error);
      await expect.poll(found).toEqual(expect.any(WorldFailure));
      expect(String(await found())).toMatch(/damaged ended by itself after an answer: .* exited with code 7/);
      await expect(call('damaged', 'run', { code: '' })).rejects.toThrow(/ended by itself after an answer/);
    });
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
  });

  test('between two episodes costs neither', async () => {
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
    expect(await evidenceAfter('')).toEqual({ damaged: [fileFact('a.txt', 'a')] });
  });
});

test('a folder is removed that is closed', () => {
  const closed = mkdtempSync(join(folder, 'closed-'));
  mkdirSync(join(closed, 'a', 'b'), { recursive: true });
  chmodSync(join(closed, 'a', 'b'), 0);
  chmodSync(join(closed, 'a'), 0);
  expect(removeWhole(closed)).toBe(true);
});

test('a folder is removed whose paths are too long to name', () => {
  const deep = mkdtempSync(join(folder, 'deep-'));
  const start = process.cwd();
  process.chdir(deep);
  for (let depth = 0; depth < 30; depth++) {
    mkdirSync('x'.repeat(250));
    process.chdir('x'.repeat(250));
  }
  process.chdir(start);
  expect(removeWhole(deep)).toBe(true);
});
