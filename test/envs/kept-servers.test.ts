import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { World } from '../../core/types.ts';
import type { McpServer } from '../../envs/mcp-configuration.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const script = fileURLToPath(new URL('./evaluating-server.ts', import.meta.url));

/** Plays two episodes that count up in memory and leave a file; what each saw of both at its start. */
async function twoEpisodes(name: string, block: Partial<McpServer>): Promise<unknown[]> {
  const whole = { command: process.execPath, args: [script], ...block } as McpServer;
  const { definition, faults } = ownServer(name, { block: whole, folder });
  expect(faults).toEqual([]);
  addServers([definition]);
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const code = `(globalThis.count = (globalThis.count ?? 0) + 1) + ' ' + fs.readdirSync('.').join() + (fs.writeFileSync('left.txt', 'x') ?? '')`;
  const episode = () =>
    pool.use({ servers: [name], files: { [name]: { 'given.txt': 'g' } } }, 1, async ({ call }: World) => {
      const { text } = await call(name, 'evaluate', { code });
      return text;
    });
  return [await episode(), await episode()];
}

test.each<readonly [string, Partial<McpServer>, readonly string[]]>([
  ['restart', {}, ['1 given.txt', '1 given.txt']],
  ['keep', { reset: 'keep' }, ['1 given.txt', '2 given.txt']],
  [
    'a command',
    { reset: [process.execPath, '-e', "fs.writeFileSync('{FOLDER}/made.txt', 'm')"] },
    ['1 given.txt,made.txt', '2 given.txt,made.txt'],
  ],
])('between episodes by %s, files are restored and memory is as said', async (name, block, expected) => {
  expect(await twoEpisodes(`kept-by-${name.replace(' ', '-')}`, block)).toEqual(expected);
});

test('a reset command that fails voids the episode, in its own words', async () => {
  const reset = [process.execPath, '-e', "console.error('no database'); process.exit(3)"];
  await expect(twoEpisodes('failing-reset', { reset })).rejects.toThrow(
    /^The reset command of server failing-reset failed: no database$/,
  );
});

test('a working folder outside is a copy, and what the server writes there stays in the world', async () => {
  writeFileSync(join(folder, 'data.txt'), 'd');
  const { definition } = ownServer('working', {
    block: { command: process.execPath, args: [script], cwd: '.' },
    folder,
  });
  addServers([definition]);
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const facts = await pool.use({ servers: ['working'], files: {} }, 1, async ({ call, evidence }: World) => {
    await call('working', 'evaluate', {
      code: "fs.writeFileSync('new.txt', fs.readFileSync('data.txt', 'utf8') + 'n')",
    });
    return evidence();
  });
  expect(JSON.stringify(facts)).toContain('new.txt');
  expect(existsSync(join(folder, 'new.txt'))).toBe(false);
});
