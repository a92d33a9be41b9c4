import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../core/json.ts';
import { randomStream, type RandomStream, seedOf } from '../../core/seeds.ts';
import type { Tool, World, WorldPool } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { type Attempt, attemptsByName, SERVERS } from './escape-attempts.ts';
import { expectOnlyCanary, expectRefusals, files, play, WHOLE } from './escape-worlds.ts';
import { LEVELS } from './levels.ts';
import { OFFERED_EVERYWHERE } from './offered-servers.ts';
import { sampleArguments } from './sample-arguments.ts';
import { isWhole } from '../whole.ts';

const outside = mkdtempSync(join(tmpdir(), 'toolstone-outside-'));
writeFileSync(join(outside, 'canary.txt'), WHOLE);
afterAll(() => rmSync(outside, { recursive: true }));

const everyServer = { servers: OFFERED_EVERYWHERE, files };
const tricks = [
  `${outside}/canary.txt`,
  `file://${outside}/new.txt`,
  '/world/filesystem/canary.txt',
  '../git/canary.txt',
];

/** Every tool of the servers that take no paths, with ways out in the place of each of its texts. */
function attemptsAsText(tools: readonly Tool[]): Attempt[] {
  const random = randomStream(seedOf('texts'));
  return tools.flatMap((tool) =>
    tricks.map((text) => ({
      server: tool.server,
      tool: tool.name,
      arguments: JSON.parse(
        JSON.stringify(sampleArguments(tool, random), (_, value: Json) => (typeof value === 'string' ? text : value)),
      ) as Attempt['arguments'],
    })),
  );
}

/** What servers may do, each in its own folder: what a chain makes use of on its way out. */
const OWN_WORK: readonly Attempt[] = (
  [
    ['filesystem', 'write_file', { path: '/world/filesystem/config', content: '[core]\n\tfsmonitor = touch ran\n' }],
    ['filesystem', 'create_directory', { path: '/world/filesystem/git/deep' }],
    ['filesystem', 'move_file', { source: '/world/filesystem/canary.txt', destination: '/world/filesystem/moved.txt' }],
    [
      'fast-filesystem',
      'fast_write_file',
      { path: '/world/fast-filesystem/.git/config', content: '[include]\n\tpath=/x\n' },
    ],
    [
      'fast-filesystem',
      'fast_copy_file',
      { source: '/world/fast-filesystem/canary.txt', destination: '/world/fast-filesystem/b' },
    ],
    ['fast-filesystem', 'fast_delete_file', { path: '/world/fast-filesystem', recursive: true, confirm_delete: false }],
    ['memory-bank', 'memory_bank_write', { projectName: 'garden', fileName: 'new.md', content: 'fine' }],
    ['git', 'git_init', { path: '/world/git/new' }],
    ['git', 'git_set_working_dir', { path: '/world/git/repo' }],
    ['git', 'git_worktree', { path: '/world/git/repo', mode: 'add', worktreePath: '/world/git/wt', branch: 'beside' }],
    ['git', 'git_add', { path: '/world/git/repo', paths: ['.'] }],
    ['git', 'git_commit', { path: '/world/git/repo', message: 'one more', allowEmpty: true }],
    ['obsidian', 'create-note', { vault: 'obsidian', filename: 'new.md', content: '[[../../git/canary]]' }],
    [
      'excel',
      'excel_write_to_sheet',
      { fileAbsolutePath: '/world/excel/b.xlsx', sheetName: 'a', newSheet: true, range: 'A1:A1', values: [['fine']] },
    ],
    ['ripgrep', 'search', { pattern: 'w.ole', path: '/world/ripgrep' }],
    ['sqlite', 'create_table', { name: 'made', columns: [{ name: 'a', type: 'TEXT' }] }],
    ['sqlite', 'export_csv', { file_path: 'made.csv', query: 'SELECT 1 AS a' }],
    [
      'memory',
      'create_entities',
      { entities: [{ name: '../git', entityType: 'path', observations: ['/etc/passwd'] }] },
    ],
  ] as const
).map(([server, tool, args]) => ({ server, tool, arguments: args as unknown as Attempt['arguments'] }));

const CHAINS = 40;
const LONGEST_CHAIN = 8;

function chainOf(attempts: readonly Attempt[], random: RandomStream): Attempt[] {
  const length = 2 + random.below(LONGEST_CHAIN - 1);
  return Array.from({ length }, () => (random.uniform() < 0.5 ? random.pick(OWN_WORK) : random.pick(attempts)));
}

/** Plays a chain and looks that it reached no server's folder but those that worked in their own, and nothing outside. */
async function playChain(world: World, chain: readonly Attempt[]): Promise<void> {
  const before = await world.evidence();
  for (const attempt of chain) {
    const result = await play(world, attempt);
    if (!OWN_WORK.includes(attempt)) expectRefusals([{ attempt, result }]);
    expectOnlyCanary(outside, JSON.stringify(chain));
  }
  const workers = new Set(chain.filter((one) => OWN_WORK.includes(one)).map(({ server }) => server));
  const after = await world.evidence();
  for (const server of SERVERS)
    if (!workers.has(server)) expect(after[server], JSON.stringify(chain)).toEqual(before[server]);
}

/** The weakest has no wall but its checks. */
const tried = isWhole ? LEVELS : LEVELS.filter(({ level }) => level === 'arguments');

describe.each(tried)('at level $title', ({ level, skip }) => {
  let opened: WorldPool | undefined;
  const pool = () => (opened ??= openWorldPool({ lanes: 1, level }));
  afterAll(() => opened?.dispose());

  test.skipIf(skip)('no single call of any server gets out', { timeout: 240_000 }, async () => {
    await pool().use(everyServer, 1, async (world) => {
      const texts = attemptsAsText(world.toolspace.tools.filter(({ server }) => !SERVERS.includes(server)));
      const paths = attemptsByName(outside);
      expect(new Set([...texts, ...paths].map(({ server }) => server))).toEqual(new Set(OFFERED_EVERYWHERE));
      expect(texts.length + paths.length).toBeGreaterThan(600);
      const before = await world.evidence();
      for (const attempt of paths) {
        expectRefusals([{ attempt, result: await play(world, attempt) }]);
        expectOnlyCanary(outside, JSON.stringify(attempt));
      }
      for (const attempt of texts) {
        const { text } = await play(world, attempt);
        expect(text, JSON.stringify(attempt)).not.toContain('whole');
        expectOnlyCanary(outside, JSON.stringify(attempt));
      }
      const after = await world.evidence();
      for (const server of SERVERS) expect(after[server], server).toEqual(before[server]);
    });
  });

  test.skipIf(skip)('no chain of calls across servers gets out', { timeout: 240_000 }, async () => {
    const attempts = attemptsByName(outside);
    const random = randomStream(seedOf('chains'));
    for (let number = 0; number < CHAINS; number++) {
      const chain = chainOf(attempts, random);
      await pool().use({ servers: [...SERVERS, 'memory'], files }, number, (world) => playChain(world, chain));
    }
  });
});
